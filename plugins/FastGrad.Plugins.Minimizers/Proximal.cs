using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Proximal maps: norms to be kept small, sets to stay in.</summary>
public static class Proximal
{
    /// <summary>Nothing: the map is the identity.</summary>
    public static IProximal None { get; } = new Nothing();

    /// <summary>λ‖x‖₁: each |xᵢ| falls by tλ, to 0 at least.</summary>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public static IProximal L1(double weight) => new Absolute(Weight(weight));

    /// <summary>½λ‖x‖²: x/(1 + tλ).</summary>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public static IProximal SquaredL2(double weight) => new Squares(Weight(weight));

    /// <summary>The box low ≤ xᵢ ≤ high.</summary>
    /// <exception cref="ArgumentException">low is not at most high.</exception>
    public static IProximal Box(double low, double high) => low <= high
        ? new Set(x => Within(x, low, high), x => Clamp(x, low, high))
        : throw new ArgumentException($"The box from {low} to {high} is empty; expected low at most high.", nameof(high));

    /// <summary>The simplex xᵢ ≥ 0, Σ xᵢ = radius. Held, Wolfe, Crowder 1974: subtract the threshold that leaves the sum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public static IProximal Simplex(double radius = 1)
    {
        Radius(radius);
        return new Set(x => OnSimplex(x, radius), x => ToSimplex(x, radius));
    }

    /// <summary>The ball ‖x‖₁ ≤ radius. Duchi, Shalev-Shwartz, Singer, Chandra 2008.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public static IProximal L1Ball(double radius)
    {
        Radius(radius);
        return new Set(x => SumOfAbs(x) <= radius * (1 + 1e-12), x => ToL1Ball(x, radius));
    }

    /// <summary>The ball ‖x‖₂ ≤ radius.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public static IProximal L2Ball(double radius)
    {
        Radius(radius);
        return new Set(x => Vectors.Norm(x) <= radius * (1 + 1e-12), x =>
        {
            double norm = Vectors.Norm(x);
            if (norm > radius)
                Vectors.Scale(radius / norm, x, x);
        });
    }

    private delegate bool Contains(ReadOnlySpan<double> x);

    private delegate void Projection(Span<double> x);

    private static double Weight(double weight) => weight >= 0 && double.IsFinite(weight)
        ? weight
        : throw new ArgumentOutOfRangeException(nameof(weight), weight, $"The weight is {weight}; expected a finite number, 0 or above.");

    private static void Radius(double radius)
    {
        if (!(radius > 0) || !double.IsFinite(radius))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, $"The radius is {radius}; expected a finite number above 0.");
    }

    private static bool Within(ReadOnlySpan<double> x, double low, double high)
    {
        foreach (double value in x)
        {
            if (value < low || value > high)
                return false;
        }
        return true;
    }

    private static void Clamp(Span<double> x, double low, double high)
    {
        foreach (ref double value in x)
            value = Math.Clamp(value, low, high);
    }

    private static double SumOfAbs(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (double value in x)
            sum += Math.Abs(value);
        return sum;
    }

    private static bool OnSimplex(ReadOnlySpan<double> x, double radius)
    {
        double sum = 0;
        foreach (double value in x)
            sum += value >= 0 ? value : double.NaN;
        return Math.Abs(sum - radius) <= 1e-12 * radius;
    }

    private static void ToSimplex(Span<double> x, double radius)
    {
        double threshold = Threshold(x, radius);
        foreach (ref double value in x)
            value = Math.Max(0, value - threshold);
    }

    private static void ToL1Ball(Span<double> x, double radius)
    {
        if (SumOfAbs(x) <= radius)
            return;
        double[] sizes = new double[x.Length];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = Math.Abs(x[i]);
        double threshold = Threshold(sizes, radius);
        for (int i = 0; i < x.Length; i++)
            x[i] = Math.CopySign(Math.Max(0, sizes[i] - threshold), x[i]);
    }

    // The θ with Σ max(0, xᵢ − θ) = radius, from the elements in descending order.
    private static double Threshold(ReadOnlySpan<double> x, double radius)
    {
        double[] sorted = x.ToArray();
        Array.Sort(sorted, (a, b) => b.CompareTo(a));
        double sum = 0, threshold = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            sum += sorted[i];
            double candidate = (sum - radius) / (i + 1);
            if (sorted[i] <= candidate)
                break;
            threshold = candidate;
        }
        return threshold;
    }

    private sealed class Nothing : IProximal
    {
        public double Value(ReadOnlySpan<double> x) => 0;

        public void Apply(ReadOnlySpan<double> x, double t, Span<double> result) => x.CopyTo(result);
    }

    private sealed class Absolute(double weight) : IProximal
    {
        public double Value(ReadOnlySpan<double> x) => weight * SumOfAbs(x);

        public void Apply(ReadOnlySpan<double> x, double t, Span<double> result)
        {
            for (int i = 0; i < x.Length; i++)
                result[i] = Math.CopySign(Math.Max(0, Math.Abs(x[i]) - t * weight), x[i]);
        }
    }

    private sealed class Squares(double weight) : IProximal
    {
        public double Value(ReadOnlySpan<double> x) => weight / 2 * Vectors.Dot(x, x);

        public void Apply(ReadOnlySpan<double> x, double t, Span<double> result) => Vectors.Scale(1 / (1 + t * weight), x, result);
    }

    private sealed class Set(Contains contains, Projection project) : IProximal
    {
        public double Value(ReadOnlySpan<double> x) => contains(x) ? 0 : double.PositiveInfinity;

        public void Apply(ReadOnlySpan<double> x, double t, Span<double> result)
        {
            x.CopyTo(result);
            project(result);
        }
    }
}
