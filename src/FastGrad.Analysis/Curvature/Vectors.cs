namespace FastGrad.Analysis.Curvature;

/// <summary>Sums over vectors in the order of their elements: the same bits everywhere.</summary>
internal static class Vectors
{
    /// <summary>Σ aᵢ·bᵢ.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>√Σ aᵢ², by scaled elements where squares would overflow or vanish.</summary>
    public static double Norm(ReadOnlySpan<double> a)
    {
        double largest = 0;
        foreach (double x in a)
        {
            if (!double.IsFinite(x))
                return double.NaN;
            largest = Math.Max(largest, Math.Abs(x));
        }
        if (largest is 0 or > 1e-140 and < 1e140)
            return Math.Sqrt(Dot(a, a));
        double sum = 0;
        foreach (double x in a)
            sum += x / largest * (x / largest);
        return largest * Math.Sqrt(sum);
    }

    /// <summary>to ← to + factor·v.</summary>
    public static void Add(Span<double> to, double factor, ReadOnlySpan<double> v)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += factor * v[i];
    }

    /// <summary>v ← factor·v.</summary>
    public static void Scale(Span<double> v, double factor)
    {
        foreach (ref double x in v)
            x *= factor;
    }
}
