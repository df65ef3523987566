using FastGrad.Autograd;

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

    /// <summary>
    /// The most programs that a step keeps, at least 1. Each shape of batches has its own: full batches, the last one of an epoch; micro-batches have
    /// two, for the first of an update and for those that add to it.
    /// </summary>
    public int MaxPrograms { get; init; } = 16;

    /// <summary>What happens to a batch of one more shape.</summary>
    public FullCache WhenFull { get; init; }

    /// <summary>What is done to captured programs before their first run.</summary>
    public CaptureOptions Passes { get; init; } = CaptureOptions.Default;

    /// <summary>The bytes that the temporaries of a captured step may take: <see cref="TrainWithin"/>. Null for no limit.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>
    /// These options with a budget for the step's temporaries: values of the forward pass are dropped and computed again for the
    /// backward pass, with the same bits. A step that cannot be captured, or stay within the budget, throws.
    /// </summary>
    /// <param name="bytes">The bytes: <c>TrainWithin(64 &lt;&lt; 20)</c> for 64 MiB.</param>
    public TrainingStepOptions TrainWithin(long bytes) => this with { MemoryBudget = bytes };

    /// <summary>
    /// Whether a captured step updates each parameter within the backward pass, as soon as nobody reads it or its gradient any more: the same bits, and
    /// the gradients' memory is used again, so that parameters have none after a step. Only for optimizers that
    /// <see cref="Optimization.Optimizer{T}.UpdatesSeparately"/>: without clipping, norms, a second evaluation, or wrappers.
    /// </summary>
    public bool UpdateInBackward { get; init; }

    /// <summary>Whether to count the rows that are classified rightly.</summary>
    public bool CountCorrect { get; init; }

    /// <summary>
    /// ρ of sharpness-aware minimization (Foret et al. 2021, arXiv:2010.01412, algorithm 1): the update takes the gradient at
    /// θ + ρ·g/‖g‖ instead of that at θ, at the cost of a second pass. 0: off.
    /// </summary>
    public double SharpnessRadius { get; init; }
}
