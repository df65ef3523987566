using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>log Σ exp along the middle axis of [outer, length, inner]: <see cref="LogSumExp"/> of lines whose elements are not neighbours. See <see cref="SoftmaxAlong"/>.</summary>
public static unsafe class LogSumExpAlong
{
    /// <summary>y = m + log Σ exp(x − m) of each line of x.</summary>
    /// <param name="x">outer·length·inner elements; a line has at least one.</param>
    /// <param name="outer">The product of the axes before.</param>
    /// <param name="length">The elements of a line.</param>
    /// <param name="inner">The product of the axes after: the distance between a line's elements.</param>
    /// <param name="y">outer·inner results; no memory of <paramref name="x"/>.</param>
    /// <param name="workers">The team to share the lines; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    public static void Forward<T>(ReadOnlySpan<T> x, int outer, int length, int inner, Span<T> y, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        RowCheck.Lines(x, outer, length, inner);
        RowCheck.Rows((ReadOnlySpan<T>)y, outer * inner, nameof(y));
        SpanCheck.Disjoint(x, y);
        fixed (T* px = x, py = y)
            AxisStrips.Run<ForwardFormula<T>, T>(new(px), default, default, new(py, isLine: true), outer, length, inner, accumulate: false, workers);
    }

    /// <summary>dx = dy·exp(x − y) in each line, or += that.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The outputs of <see cref="Forward{T}"/>. Their rounding makes the softmax inexact by a relative |y|·u.</param>
    /// <param name="dy">The gradient with respect to them.</param>
    /// <param name="outer">The product of the axes before.</param>
    /// <param name="length">The elements of a line.</param>
    /// <param name="inner">The product of the axes after.</param>
    /// <param name="dx">The gradient with respect to the inputs; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <param name="workers">The team to share the lines; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap without being the same.</exception>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, int outer, int length, int inner, Span<T> dx, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Lines(x, outer, length, inner);
        RowCheck.Rows(y, outer * inner);
        RowCheck.Rows(dy, outer * inner);
        SpanCheck.SameLength(dx, x);
        SpanCheck.SameOrDisjoint(x, dx);
        SpanCheck.Disjoint(y, dx);
        SpanCheck.Disjoint(dy, dx);
        fixed (T* px = x, py = y, pd = dy, pdx = dx)
            AxisStrips.Run<BackwardFormula<T>, T>(new(px), new(py, isLine: true), new(pd, isLine: true), new(pdx), outer, length, inner, accumulate, workers);
    }

    private readonly struct ForwardFormula<T> : IAxisFormula<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<V, TStore>(AxisLines<V, T> x, AxisLines<V, T> none, AxisLines<V, T> nor, AxisLines<V, T> y)
            where V : struct, ISimdVector<V, T>
            where TStore : struct, IStore
        {
            V maximum = x.Maximum();
            // ∞ − ∞ would be NaN.
            V shift = V.Select(V.GreaterThan(V.Create(T.PositiveInfinity), V.Abs(maximum)), maximum, V.Create(T.Zero));
            y[0] = shift + Log<T>.Of(Sum(x, shift));
        }

        // Apart: with the logarithm in one method the exponential is more than the JIT inlines, and each is a call (17 times slower).
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static V Sum<V>(AxisLines<V, T> x, V shift)
            where V : struct, ISimdVector<V, T> => x.SumOfExp(shift);
    }

    private readonly struct BackwardFormula<T> : IAxisFormula<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<V, TStore>(AxisLines<V, T> x, AxisLines<V, T> y, AxisLines<V, T> dy, AxisLines<V, T> dx)
            where V : struct, ISimdVector<V, T>
            where TStore : struct, IStore
        {
            V sum = y[0], gradient = dy[0];
            for (int k = 0; k < x.Length; k++)
                dx.Put<TStore>(k, gradient * Exp<T>.Of(x[k] - sum));
        }
    }
}
