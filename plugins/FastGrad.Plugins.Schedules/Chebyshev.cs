using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>
/// Chebyshev's steps for curvatures in [L/κ, L], v₀ = 1/L: v = 2v₀/(1 + 1/κ + (1 − 1/κ)cos((2k − 1)π/2n)), k = 1 … n in fractal order, then
/// anew.
/// </summary>
/// <remarks>
/// n steps of gradient descent with them multiply the error along a curvature λ by Tₙ((κ + 1 − 2κλ/L)/(κ − 1))/Tₙ((κ + 1)/(κ − 1)): the
/// best any n steps can do (Young 1953, J. Math. Phys. 32). In rising or falling order rounding destroys that; the fractal order (Agarwal,
/// Goel and Zhang 2021, arXiv:2103.01338) keeps it. n is a power of two.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="steps">n, a power of two.</param>
/// <param name="condition">κ, at least 1.</param>
public sealed class Chebyshev(double value, long steps, double condition) : ISchedule
{
    /// <summary>The definition, by the name <c>chebyshev</c>.</summary>
    public static ScheduleDefinition<ChebyshevOptions> Definition { get; } = new(
        "chebyshev",
        "v = 2·v0/(1 + 1/κ + (1 - 1/κ)·cos((2k - 1)π/(2n))), k in fractal order",
        "Agarwal, Goel and Zhang 2021, arXiv:2103.01338; Young 1953, J. Math. Phys. 32",
        ChebyshevOptions.Table,
        (v, o) => new Chebyshev(v, o.Steps, o.Condition));

    private readonly long _steps = long.IsPow2(steps) ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected a power of two.");

    /// <inheritdoc/>
    public double At(long step)
    {
        double angle = (2 * Fractal(step % _steps, _steps) - 1) * Math.PI / (2 * _steps), inverse = 1 / condition;
        return 2 * value / (1 + inverse + (1 - inverse) * Cos<double>.At(angle));
    }

    // σ₁ = (1); σ₂ₙ interlaces σₙ with 2n + 1 − σₙ.
    private static long Fractal(long i, long n) =>
        n == 1 ? 1 : (i & 1) == 0 ? Fractal(i >> 1, n >> 1) : n + 1 - Fractal(i >> 1, n >> 1);
}

/// <summary>The options of <see cref="Chebyshev"/>.</summary>
public sealed record ChebyshevOptions
{
    /// <summary>n, the updates of a cycle, a power of two. Default 16.</summary>
    public long Steps { get; set; } = 16;

    /// <summary>κ, the largest curvature over the least. Default 10.</summary>
    public double Condition { get; set; } = 10;

    /// <summary>The option table.</summary>
    public static OptionTable<ChebyshevOptions> Table { get; } = new OptionTable<ChebyshevOptions>("chebyshev")
        .Integer("cycle", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 30), "updates of a cycle, a power of two")
        .Real("condition", o => o.Condition, (o, v) => o.Condition = v, new(1, double.PositiveInfinity, true, false), "largest curvature over the least")
        .Require(o => long.IsPow2(o.Steps), "cycle must be a power of two");
}
