namespace FastGrad.Benchmarks.Peers.Contests;

/// <summary>What was measured of one contender.</summary>
/// <param name="Name">The contender.</param>
/// <param name="Threads">The threads that took part.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="StepsPerSample">The steps that one sample timed together.</param>
/// <param name="MedianUs">The median time of a step, in microseconds.</param>
/// <param name="MinUs">The least time of a step, in microseconds.</param>
/// <param name="AllocatedBytesPerStep">Managed memory that a step allocates.</param>
/// <param name="Check">The output's sum, or the loss of the first step.</param>
/// <param name="Check20">The loss of the 20th step, for training.</param>
internal sealed record Timing(
    string Name, int Threads, int Samples, int StepsPerSample, double MedianUs, double MinUs, double AllocatedBytesPerStep, double Check, double? Check20)
{
    /// <summary>The contender's version, and the kernels it chose.</summary>
    public string Version { get; init; } = "";

    /// <summary>Whether the checks agree with FastGrad's; null where there is nothing to compare with.</summary>
    public bool? Agrees { get; init; }

    /// <summary>The most memory that the process held, where that was measured.</summary>
    public double? PeakMegabytes { get; init; }

    /// <summary>The size of the library's files, where that was measured.</summary>
    public double? DiskMegabytes { get; init; }
}
