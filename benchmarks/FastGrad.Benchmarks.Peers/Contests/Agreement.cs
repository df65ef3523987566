using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks.Peers.Contests;

/// <summary>Whether two contenders computed the same thing: their checks agree as far as rounding in float carries.</summary>
internal static class Agreement
{
    private const double FirstStep = 1e-4, TwentiethStep = 1e-3;

    /// <summary>Checks of the first step to 1e-4 relative; sums, which may cancel, to 2e-7 for each byte or operation's root besides.</summary>
    public static bool Holds(Timing own, Timing other, Workload workload)
    {
        // A sum of n results of size about one, each wrong by some ulp: the errors partly add up (a function's error has a sign) and partly cancel.
        double slack = workload.IsTraining ? 0 : workload.Unit == WorkUnit.Bytes ? 5e-8 * workload.Amount : 1e-6 * Math.Sqrt(workload.Amount);
        return Close(own.Check, other.Check, FirstStep, slack)
            && (own.Check20 is not { } a || other.Check20 is not { } b || Close(a, b, TwentiethStep, 0));
    }

    private static bool Close(double a, double b, double relative, double absolute) =>
        Math.Abs(a - b) <= relative * Math.Max(Math.Abs(a), Math.Abs(b)) + absolute;
}
