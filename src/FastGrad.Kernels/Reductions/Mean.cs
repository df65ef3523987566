using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Kernels.Reductions;

/// <summary>(Σᵢ xᵢ)/n: the sum, then one division; NaN for no elements, as torch.</summary>
public static class Mean
{
    /// <summary>(Σᵢ xᵢ)/n; NaN for no elements.</summary>
    public static T Of<T>(ReadOnlySpan<T> x, Workers.WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Sum.Of(x, workers) / T.CreateChecked(x.Length);

    /// <summary>y[o, i] = (Σₐ x[o, a, i])/axis: <see cref="Sum.Along{T}"/>, then one division.</summary>
    public static void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Sum.Along(x, outer, axis, inner, y, accumulate: false);
        Binary.Apply(new Elementwise.Operators.Divide<T>(), y, [T.CreateChecked(axis)], y);
    }
}
