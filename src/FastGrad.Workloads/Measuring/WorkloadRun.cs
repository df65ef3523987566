using FastGrad.Autograd;

namespace FastGrad.Workloads.Measuring;

/// <summary>A workload with its memory: ready to be stepped.</summary>
/// <param name="step">Does the work once.</param>
/// <param name="check">What the last step gave, as one number.</param>
/// <param name="threads">The threads that take part.</param>
/// <param name="release">Ends what the run holds, if anything.</param>
/// <param name="profile">Times the instructions of the program that a step replays, over a number of steps; null where it replays none.</param>
public sealed class WorkloadRun(
    Action step, Func<double> check, int threads = 1, Action? release = null, Func<int, IReadOnlyList<InstructionTime>>? profile = null) : IDisposable
{
    /// <summary>The threads that take part.</summary>
    public int Threads { get; } = threads;

    /// <summary>Does the work once.</summary>
    public void Step() => step();

    /// <summary>What the last step gave: the output's sum, or the loss.</summary>
    public double Check() => check();

    /// <summary>Takes some steps and times the instructions of the program that they replay; empty where they replay none.</summary>
    public IReadOnlyList<InstructionTime> Profile(int steps) => profile?.Invoke(steps) ?? [];

    /// <inheritdoc/>
    public void Dispose() => release?.Invoke();
}
