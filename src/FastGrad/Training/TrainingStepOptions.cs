namespace FastGrad.Training;

/// <summary>What a <see cref="TrainingStep{T}"/> does beside forward, backward and update.</summary>
public sealed record TrainingStepOptions
{
    /// <summary>Only forward, backward and update, captured.</summary>
    public static TrainingStepOptions Default { get; } = new();

    /// <summary>
    /// Whether to capture forward and backward once for each shape of batch, and to replay them: the same bits, faster, and nothing
    /// allocated. Only where every module and the loss say that they are replayable (<see cref="Modules.Module{T}.IsReplayable"/>).
    /// </summary>
    public bool Capture { get; init; } = true;

    /// <summary>Whether to count the rows that are classified rightly.</summary>
    public bool CountCorrect { get; init; }

    /// <summary>
    /// ρ of sharpness-aware minimization (Foret et al. 2021, arXiv:2010.01412, algorithm 1): the update takes the gradient at
    /// θ + ρ·g/‖g‖ instead of that at θ, at the cost of a second pass. 0: off.
    /// </summary>
    public double SharpnessRadius { get; init; }
}
