namespace FastGrad.Training;

/// <summary>What becomes of a batch whose shape has no program, when a step has captured as many as it may (<see cref="TrainingStepOptions.MaxPrograms"/>).</summary>
public enum FullCache
{
    /// <summary>An <see cref="InvalidOperationException"/> that lists the shapes: so many most often mean that batches should be padded.</summary>
    Throw,

    /// <summary>It runs eagerly: the same bits, slower. <see cref="TrainingStep{T}.Program"/> is null after it.</summary>
    RunEagerly,

    /// <summary>It is captured, in place of the program that was used longest ago.</summary>
    Replace,
}
