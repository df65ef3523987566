using FastGrad.Analysis.Curvature;
using FastGrad.Optimization.Minimization;

namespace FastGrad.Analysis.Landscapes;

/// <summary>Slices through a function of many numbers: along a line, on a plane.</summary>
/// <remarks>
/// <para>
/// The values of f(center + x·u) or f(center + x·u + y·v) on a grid, as Goodfellow, Vinyals and Saxe (2015, Qualitatively characterizing neural network
/// optimization problems) and Li et al. (2018, Visualizing the loss landscape of neural nets) draw them. <see cref="Directions"/>,
/// <see cref="PrincipalDirections"/> and <see cref="HessianSpectrum"/> give directions, <see cref="ModuleLoss{T}"/> the loss of a network.
/// </para>
/// <para>Nodes are evaluated one after another, row by row, so that a function with memory of its own may be given. Values that are not finite stay.</para>
/// </remarks>
public static class Landscape
{
    /// <summary>f(center + x·direction) for x on an axis.</summary>
    /// <param name="f">The function.</param>
    /// <param name="center">Where x = 0.</param>
    /// <param name="direction">u; it need not have length 1.</param>
    /// <param name="x">The places.</param>
    /// <param name="cancellation">Looked at between evaluations.</param>
    /// <exception cref="ArgumentException">The direction has another number of elements than the center, holds NaN or ∞, or is zero.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LossLine Slice(ValueFunction f, ReadOnlySpan<double> center, ReadOnlySpan<double> direction, GridAxis x, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        CheckCenter(center);
        Directions.Check(direction, center.Length, nameof(direction));
        double[] point = new double[center.Length], values = new double[x.Count];
        for (int i = 0; i < values.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int k = 0; k < point.Length; k++)
                point[k] = center[k] + x[i] * direction[k];
            values[i] = f(point);
        }
        return new(x, values);
    }

    /// <summary>f(center + x·first + y·second) for x and y on a grid.</summary>
    /// <param name="f">The function.</param>
    /// <param name="center">Where x = y = 0.</param>
    /// <param name="first">u; it need not have length 1.</param>
    /// <param name="second">v; it need not be orthogonal to u.</param>
    /// <param name="x">The places along u.</param>
    /// <param name="y">The places along v.</param>
    /// <param name="cancellation">Looked at between evaluations.</param>
    /// <exception cref="ArgumentException">A direction has another number of elements than the center, holds NaN or ∞, is zero, or is parallel to the other.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LossSurface Slice(
        ValueFunction f, ReadOnlySpan<double> center, ReadOnlySpan<double> first, ReadOnlySpan<double> second, GridAxis x, GridAxis y, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        CheckCenter(center);
        Directions.CheckPlane(first, second, center.Length);
        double[] point = new double[center.Length], values = new double[x.Count * y.Count];
        for (int j = 0; j < y.Count; j++)
        {
            double up = y[j];
            for (int i = 0; i < x.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                double right = x[i];
                for (int k = 0; k < point.Length; k++)
                    point[k] = center[k] + (right * first[k] + up * second[k]);
                values[j * x.Count + i] = f(point);
            }
        }
        return new(x, y, values);
    }

    /// <summary>f(x, y) on a grid, for a function of two numbers.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LossSurface Slice(Func<double, double, double> f, GridAxis x, GridAxis y, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Slice(p => f(p[0], p[1]), [0, 0], [1, 0], [0, 1], x, y, cancellation);
    }

    private static void CheckCenter(ReadOnlySpan<double> center)
    {
        if (center.IsEmpty)
            throw new ArgumentException("The center is empty; expected at least one number.", nameof(center));
        for (int i = 0; i < center.Length; i++)
        {
            if (!double.IsFinite(center[i]))
                throw new ArgumentException($"Element {i} of the center is {center[i]}; expected a finite number.", nameof(center));
        }
    }
}
