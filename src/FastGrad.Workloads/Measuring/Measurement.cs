using System.Diagnostics;

namespace FastGrad.Workloads.Measuring;

/// <summary>Measures workloads: check, warm-up, samples.</summary>
public static class Measurement
{
    /// <summary>Samples of a workload: odd, so that the median is one of them.</summary>
    public const int Samples = 15;

    // Short steps share a sample that the clock resolves well.
    private static readonly TimeSpan s_sample = TimeSpan.FromMilliseconds(10);

    // Long enough for the runtime to recompile what runs often, and as long as steps still get faster, within bounds.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(1000), s_longestWarmUp = TimeSpan.FromSeconds(2), s_window = TimeSpan.FromMilliseconds(150);

    private const int FewestSamples = 9, FewestWarmUps = 3, CheckedTrainingStep = 20;
    private const double Faster = 0.98;
    private static readonly TimeSpan s_longStep = TimeSpan.FromMilliseconds(150);

    /// <summary>Measures a workload on at most the given number of threads.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, between two samples.</exception>
    public static WorkloadResult Measure(Workload workload, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        using WorkloadRun run = workload.Prepare(threads);
        run.Step();
        double check = run.Check();
        double? check20 = workload.IsTraining ? TwentiethStep(run) : null;

        TimeSpan step = WarmUp(run, cancellation);
        int steps = (int)Math.Clamp(s_sample / step, 1, 1_000_000);
        var microseconds = new double[step > s_longStep ? FewestSamples : Samples];
        GC.Collect();
        var allocated = new long[microseconds.Length];
        for (int sample = 0; sample < microseconds.Length; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            microseconds[sample] = Time(run, steps).TotalMicroseconds / steps;
            allocated[sample] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        Array.Sort(microseconds);
        Array.Sort(allocated); // the runtime's own threads allocate now and then: not in most samples
        return new WorkloadResult(
            workload, run.Threads, microseconds.Length, steps, microseconds[microseconds.Length / 2], microseconds[0],
            (double)allocated[allocated.Length / 2] / steps, check, check20);
    }

    private static double TwentiethStep(WorkloadRun run)
    {
        for (int step = 1; step < CheckedTrainingStep; step++)
            run.Step();
        return run.Check();
    }

    private static TimeSpan WarmUp(WorkloadRun run, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        int batch = 1;
        TimeSpan before = TimeSpan.MaxValue, fastest = TimeSpan.MaxValue, windowEnd = s_window;
        for (int done = 0; ; done++)
        {
            cancellation.ThrowIfCancellationRequested();
            TimeSpan time = Time(run, batch), elapsed = Stopwatch.GetElapsedTime(start);
            if (time / batch < fastest)
                fastest = time / batch;
            if (time < s_sample && batch < 1_000_000)
                batch *= 2;
            if (done < FewestWarmUps || elapsed < windowEnd)
                continue;
            if (elapsed >= s_longestWarmUp || (elapsed >= s_warmUp && fastest > Faster * before))
                return Time(run, batch) / batch;
            (before, fastest, windowEnd) = (fastest, TimeSpan.MaxValue, elapsed + s_window);
        }
    }

    private static TimeSpan Time(WorkloadRun run, int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
            run.Step();
        return Stopwatch.GetElapsedTime(start);
    }
}
