namespace FastGrad.Workloads.Measuring;

/// <summary>A measured workload.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Threads">The threads that took part.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="StepsPerSample">The steps that one sample timed together.</param>
/// <param name="MedianMicroseconds">The median time of a step.</param>
/// <param name="MinMicroseconds">The least time of a step.</param>
/// <param name="AllocatedBytesPerStep">Managed memory that a step allocates, on all threads.</param>
/// <param name="Check">The output's sum, or the loss of the first step.</param>
/// <param name="Check20">The loss of the 20th step, for training.</param>
public sealed record WorkloadResult(
    Workload Workload, int Threads, int Samples, int StepsPerSample, double MedianMicroseconds, double MinMicroseconds,
    double AllocatedBytesPerStep, double Check, double? Check20)
{
    /// <summary>GFLOP/s, GB/s or billions of calls a second, as <see cref="Workload.Unit"/> says, at the median.</summary>
    public double Rate => Workload.Amount * (Workload.IsPerThread ? Threads : 1) / MedianMicroseconds * 1e-3;
}
