using FastGrad.Kernels.Functions;

namespace FastGrad.Plugins.Schedules;

/// <summary>The phases of <see cref="OneCycle"/>: where they end, and the curves between their values.</summary>
internal readonly struct OneCyclePhases(long steps, double share, bool linear, bool threePhase)
{
    private readonly long _steps = steps > 1 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected at least 2.");

    /// <summary>The value of an update: from first to peak, then (in three phases over back) to last.</summary>
    public double At(long step, double first, double peak, double back, double last)
    {
        double t = Math.Min(step, _steps - 1), rise = share * _steps - 1, mirror = 2 * rise;
        if (t <= rise)
            return Between(first, peak, 0, rise, t);
        if (!threePhase)
            return Between(peak, last, rise, _steps - 1, t);
        return t <= mirror ? Between(peak, back, rise, mirror, t) : Between(back, last, mirror, _steps - 1, t);
    }

    private double Between(double from, double to, double start, double end, double t)
    {
        double done = end > start ? (t - start) / (end - start) : 1;
        return linear ? from + (to - from) * done : to + (from - to) / 2 * (1 + Cos<double>.At(Math.PI * done));
    }
}
