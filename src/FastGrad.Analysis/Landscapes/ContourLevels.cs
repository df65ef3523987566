using FastGrad.Kernels.Functions;

namespace FastGrad.Analysis.Landscapes;

/// <summary>Values to draw contours at. Ascending and distinct; none for a surface that is constant or nowhere finite.</summary>
public static class ContourLevels
{
    private const double Decades = 4;

    /// <summary>Evenly between the least and the greatest value: m + (M − m)·k/(count + 1), k = 1 … count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static IReadOnlyList<double> Even(LossSurface surface, int count) =>
        Between(surface, count, (_, least, span, k) => least + span * (k / (count + 1.0)));

    /// <summary>By the logarithm of the height above the least value: m + (M − m)·10^(−4·(1 − k/(count + 1))), k = 1 … count: deep valleys are drawn too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static IReadOnlyList<double> Logarithmic(LossSurface surface, int count) =>
        Between(surface, count, (_, least, span, k) => least + span * Pow<double>.At(10, Decades * (k / (count + 1.0) - 1)));

    /// <summary>So that between two levels lie equally many nodes: quantiles k/(count + 1), linear between order statistics.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static IReadOnlyList<double> Quantiles(LossSurface surface, int count) =>
        Between(surface, count, (sorted, _, _, k) => Quantile(sorted, k / (count + 1.0)));

    /// <summary>What fits: logarithmic where half of the nodes lie in the lowest fifth of the values, else even.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static IReadOnlyList<double> Fitting(LossSurface surface, int count)
    {
        ArgumentNullException.ThrowIfNull(surface);
        double[] sorted = surface.Sorted();
        return sorted.Length > 0 && Quantile(sorted, 0.5) - sorted[0] < (sorted[^1] - sorted[0]) / 5 ? Logarithmic(surface, count) : Even(surface, count);
    }

    private static double[] Between(LossSurface surface, int count, Func<double[], double, double, int, double> level)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double[] sorted = surface.Sorted();
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
            return [];
        double least = sorted[0], greatest = sorted[^1], span = greatest - least;
        return [.. Enumerable.Range(1, count).Select(k => level(sorted, least, span, k)).Where(value => value > least && value <= greatest).Distinct().Order()];
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int i = Math.Min((int)at, sorted.Length - 1), next = Math.Min(i + 1, sorted.Length - 1);
        return sorted[i] + (at - i) * (sorted[next] - sorted[i]);
    }
}
