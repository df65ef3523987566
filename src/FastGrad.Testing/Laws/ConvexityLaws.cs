using FastGrad.Autograd;
using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Laws;

/// <summary>What holds for a convex function, element of its output by element. For a concave one give −f.</summary>
/// <remarks>
/// The slack is 16ε·Σ|terms|, with the arguments' size among the terms: the points on the segment are rounded too, and a slope passes that on.
/// </remarks>
public static class ConvexityLaws
{
    private const double Slack = 16 * 2.220446049250313e-16;

    /// <summary>Jensen: f(θx + (1 − θ)y) ≤ θf(x) + (1 − θ)f(y).</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">One end of the segment.</param>
    /// <param name="y">The other end, of the same shape.</param>
    /// <param name="theta">Where between them, from 0 to 1.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">θ is not in [0, 1].</exception>
    public static Property Jensen(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x, Tensor<double> y, double theta = 0.5)
    {
        Check(f, x, y);
        if (!(theta >= 0 && theta <= 1))
            throw new ArgumentOutOfRangeException(nameof(theta), theta, "Expected a number from 0 to 1.");
        Tensor<double> between = x * theta + y * (1 - theta);
        double[] fx = f(x).ToArray(), fy = f(y).ToArray(), middle = f(between).ToArray();
        double size = Size(x, y);
        return First(middle.Length, k => (middle[k] - (theta * fx[k] + (1 - theta) * fy[k]), Math.Abs(middle[k]) + Math.Abs(fx[k]) + Math.Abs(fy[k]) + size), "f between lies above the chord");
    }

    /// <summary>The tangent lies below: f(y) ≥ f(x) + J(x)·(y − x).</summary>
    /// <param name="f">The function, differentiable at x; at a kink its convention must be a subgradient.</param>
    /// <param name="x">Where the tangent touches.</param>
    /// <param name="y">Where it is compared.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Property FirstOrder(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x, Tensor<double> y)
    {
        Check(f, x, y);
        (Tensor<double> value, Tensor<double> slope) = Transforms.Jvp(f, x, y - x);
        double[] fx = value.ToArray(), along = slope.ToArray(), fy = f(y).ToArray();
        double size = Size(x, y);
        return First(fx.Length, k => (fx[k] + along[k] - fy[k], Math.Abs(fx[k]) + Math.Abs(along[k]) + Math.Abs(fy[k]) + size), "the tangent lies above f");
    }

    private static Property First(int count, Func<int, (double Excess, double Terms)> at, string what)
    {
        for (int k = 0; k < count; k++)
        {
            (double excess, double terms) = at(k);
            if (!(excess <= Slack * terms))
                return Prop.Label(false, FormattableString.Invariant($"{what}: element {k}, by {excess}, slack {Slack * terms}"));
        }
        return Prop.ToProperty(true);
    }

    private static double Size(Tensor<double> x, Tensor<double> y) => x.ToArray().Concat(y.ToArray()).Select(Math.Abs).DefaultIfEmpty(0).Max();

    private static void Check(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x, Tensor<double> y)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Shape != y.Shape)
            throw new ArgumentException($"A segment from shape {x.Shape} to {y.Shape}; expected one shape.", nameof(y));
    }
}
