using System.Numerics;

namespace FastGrad.Kernels.Reductions;

/// <summary>The index of the least element: the first at ties, the first NaN where there is one, as torch.</summary>
public static class ArgMin
{
    /// <summary>The index of the least element.</summary>
    /// <exception cref="ArgumentException">There are no elements.</exception>
    public static int Of<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Locate.NotEmpty(x.Length, nameof(x));
        return Locate.First(x, Min.Of(x));
    }

    /// <summary>indices[o, i] = the index a of the least x[o, a, i], and values[o, i] that element.</summary>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis, at least 1.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="values">outer·inner least elements.</param>
    /// <param name="indices">outer·inner indices.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape, the axis is empty, or the spans overlap.</exception>
    public static void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> values, Span<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AxisCheck.Shape(x, outer, axis, inner, (ReadOnlySpan<int>)indices);
        Locate.NotEmpty(axis, nameof(axis));
        Min.Along(x, outer, axis, inner, values, accumulate: false);
        Locate.Along(x, outer, axis, inner, values, indices);
    }
}
