using FastGrad.Kernels.Reductions;

namespace FastGrad.Optimization.Minimization;

/// <summary>The few operations on vectors that searches are made of.</summary>
public static class Vectors
{
    /// <summary>Σ xᵢyᵢ, in the order that is the same on every machine.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Kernels.Reductions.Dot.Of(x, y);

    /// <summary>√Σ xᵢ².</summary>
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    /// <summary>max |xᵢ|; NaN if one is NaN.</summary>
    public static double MaxAbs(ReadOnlySpan<double> x)
    {
        double largest = 0;
        foreach (double value in x)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>result = x + a·d; may be the memory of either.</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double a, ReadOnlySpan<double> d, Span<double> result)
    {
        for (int i = 0; i < x.Length; i++)
            result[i] = x[i] + a * d[i];
    }

    /// <summary>result = a·x; may be the memory of x.</summary>
    public static void Scale(double a, ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < x.Length; i++)
            result[i] = a * x[i];
    }
}
