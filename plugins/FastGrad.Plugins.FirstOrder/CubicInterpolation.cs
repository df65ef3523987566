namespace FastGrad.Plugins.FirstOrder;

/// <summary>The minimizer of the cubic through two points with their slopes (Nocedal and Wright 2006, equation 3.59).</summary>
internal static class CubicInterpolation
{
    /// <summary>The minimizer within [low, high]; their middle where the cubic has none.</summary>
    public static double Minimizer(double x1, double f1, double g1, double x2, double f2, double g2, double low, double high)
    {
        if (x1 > x2)
            (x1, f1, g1, x2, f2, g2) = (x2, f2, g2, x1, f1, g1);
        double d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2), square = d1 * d1 - g1 * g2;
        if (!(square >= 0))
            return (low + high) / 2;
        double d2 = Math.Sqrt(square);
        return Math.Min(Math.Max(x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2)), low), high);
    }
}
