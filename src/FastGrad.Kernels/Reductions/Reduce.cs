using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Reductions;

/// <summary>The driver of reductions. The order of combination is a function of the shape alone, so the bits are the same everywhere.</summary>
/// <remarks>
/// <para>
/// One kernel, <see cref="ColumnReduction"/>, reduces the rows of a matrix into one row: each column is a chain over blocks of
/// <see cref="BlockRows"/> rows, and blocks are combined pairwise, in a binary tree that is aligned to the first row. Columns are independent,
/// so vectors of any width walk down them with the same result.
/// </para>
/// <para>
/// A flat span is such a matrix with rows of <see cref="RowLength"/> elements; a short row at its end is joined last, element by element.
/// The row that is left is folded in halves: element j with element j + 64, then + 32, … + 1, where there is one.
/// </para>
/// <para>
/// Error of a sum of n terms, with unit roundoff u: |error| ≤ (39 + ⌈log₂⌈n/4096⌉⌉)·u·Σ|t| to first order, the longest path of additions;
/// along an axis of m steps with inner &gt; 1: (31 + ⌈log₂⌈m/32⌉⌉)·u·Σ|t|. Rounding of the terms themselves comes on top.
/// </para>
/// </remarks>
public static class Reduce
{
    /// <summary>Elements of a logical row of a flat span: eight vectors of 16 floats, enough independent chains for every width.</summary>
    public const int RowLength = 128;

    /// <summary>Rows that one chain covers before a tree takes over: long enough to cost nothing, short enough to be accurate.</summary>
    public const int BlockRows = 32;

    /// <summary>⊕ᵢ t(xᵢ).</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="x">The elements; none gives the reduction's <see cref="IReduction{T}.Empty"/>.</param>
    /// <param name="workers">The team to share a long span; none means the calling thread. The bits are the same.</param>
    public static T All<TReduction, T>(TReduction reduction, ReadOnlySpan<T> x, WorkerTeam? workers = null)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(reduction, x, x, workers);

    /// <summary>⊕ᵢ t(xᵢ, yᵢ).</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="x">The first elements; none gives the reduction's <see cref="IReduction{T}.Empty"/>.</param>
    /// <param name="y">The second elements, as many.</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T All<TReduction, T>(TReduction reduction, ReadOnlySpan<T> x, ReadOnlySpan<T> y, WorkerTeam? workers = null)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.SameLength(x, y);
        if (workers is not null && workers.Size > 1 && x.Length >= TeamReduction.Worthwhile)
            return TeamReduction.Of(reduction, x, y, workers);
        return x.Length == 0
            ? TReduction.Empty
            : FlatReduction.Of(reduction, ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)x.Length);
    }

    /// <summary>Reduces the middle axis of x, viewed as [outer, axis, inner]: y[o, i] = ⊕ₐ t(x[o, a, i]), or += that.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it; with 1, rows are reduced in the order of flat spans.</param>
    /// <param name="y">outer·inner results.</param>
    /// <param name="accumulate">Whether to add to <paramref name="y"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape, a dimension is negative, or the spans overlap.</exception>
    public static void Along<TReduction, T>(
        TReduction reduction, ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y, bool accumulate)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Along(reduction, x, x, outer, axis, inner, y, accumulate);

    /// <summary>Reduces the middle axis of two tensors at once: z[o, i] = ⊕ₐ t(x[o, a, i], y[o, a, i]), or += that.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="y">As many elements.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it; with 1, rows are reduced in the order of flat spans.</param>
    /// <param name="z">outer·inner results.</param>
    /// <param name="accumulate">Whether to add to <paramref name="z"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape, a dimension is negative, or the spans overlap.</exception>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Along<TReduction, T>(
        TReduction reduction, ReadOnlySpan<T> x, ReadOnlySpan<T> y, int outer, int axis, int inner, Span<T> z, bool accumulate)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AxisCheck.Shape(x, outer, axis, inner, z);
        SpanCheck.SameLength(x, y);
        SpanCheck.Disjoint(x, z);
        SpanCheck.Disjoint(y, z);
        Unsafe.SkipInit(out Row<T> row);
        ref T strip = ref row.First;
        for (int o = 0; o < outer; o++)
        {
            ref T xs = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), (nuint)o * (nuint)axis * (nuint)inner);
            ref T ys = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), (nuint)o * (nuint)axis * (nuint)inner);
            ref T zs = ref Unsafe.Add(ref MemoryMarshal.GetReference(z), (nuint)o * (nuint)inner);
            if (axis == 0)
            {
                MemoryMarshal.CreateSpan(ref strip, RowLength).Fill(TReduction.Empty);
                for (int i = 0; i < inner; i += RowLength)
                    Put(ref strip, ref Unsafe.Add(ref zs, i), Math.Min(RowLength, inner - i), accumulate);
            }
            else if (inner == 1)
            {
                T result = FlatReduction.Of(reduction, ref xs, ref ys, (nuint)axis);
                zs = accumulate ? zs + result : result;
            }
            else
            {
                for (int i = 0; i < inner; i += RowLength)
                {
                    int columns = Math.Min(RowLength, inner - i);
                    ColumnReduction.Of(
                        reduction, ref Unsafe.Add(ref xs, i), ref Unsafe.Add(ref ys, i), (nuint)inner, (nuint)axis, (nuint)columns, ref strip);
                    Put(ref strip, ref Unsafe.Add(ref zs, i), columns, accumulate);
                }
            }
        }
    }

    internal static void Put<T>(ref T source, ref T destination, int length, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> from = MemoryMarshal.CreateSpan(ref source, length), to = MemoryMarshal.CreateSpan(ref destination, length);
        if (accumulate)
            Accumulate.Add(from, to);
        else
            from.CopyTo(to);
    }
}
