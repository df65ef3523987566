using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>Log-softmax along the middle axis of [outer, length, inner]: <see cref="LogSoftmax"/> of lines whose elements are not neighbours. See <see cref="SoftmaxAlong"/>.</summary>
public static unsafe class LogSoftmaxAlong
{
    /// <summary>y = (x − m) − log Σ exp(x − m) of each line of x.</summary>
    /// <param name="x">outer·length·inner elements.</param>
    /// <param name="outer">The product of the axes before.</param>
    /// <param name="length">The elements of a line.</param>
    /// <param name="inner">The product of the axes after: the distance between a line's elements.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="workers">The team to share the lines; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap without being the same.</exception>
    public static void Forward<T>(ReadOnlySpan<T> x, int outer, int length, int inner, Span<T> y, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Lines(x, outer, length, inner);
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        if (x.Length == 0)
            return;
        fixed (T* px = x, py = y)
            AxisStrips.Run<ForwardFormula<T>, T>(new(px), default, default, new(py), outer, length, inner, accumulate: false, workers);
    }

    /// <summary>dx = dy − exp(y)·Σⱼ dyⱼ in each line, or += that.</summary>
    /// <param name="y">The outputs of <see cref="Forward{T}"/>.</param>
    /// <param name="dy">The gradient with respect to them.</param>
    /// <param name="outer">The product of the axes before.</param>
    /// <param name="length">The elements of a line.</param>
    /// <param name="inner">The product of the axes after.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="dy"/> or <paramref name="y"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <param name="workers">The team to share the lines; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap without being the same.</exception>
    public static void Backward<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, int outer, int length, int inner, Span<T> dx, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Lines(y, outer, length, inner);
        SpanCheck.SameLength(dy, y);
        SpanCheck.SameLength(dx, y);
        SpanCheck.SameOrDisjoint(y, dx);
        SpanCheck.SameOrDisjoint(dy, dx);
        if (y.Length == 0)
            return;
        fixed (T* py = y, pd = dy, pdx = dx)
            AxisStrips.Run<BackwardFormula<T>, T>(new(py), new(pd), default, new(pdx), outer, length, inner, accumulate, workers);
    }

    private readonly struct ForwardFormula<T> : IAxisFormula<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<V, TStore>(AxisLines<V, T> x, AxisLines<V, T> none, AxisLines<V, T> nor, AxisLines<V, T> y)
            where V : struct, ISimdVector<V, T>
            where TStore : struct, IStore
        {
            V maximum = x.Maximum(), log = Log<T>.Of(x.SumOfExp(maximum));
            for (int k = 0; k < x.Length; k++)
                y[k] = x[k] - maximum - log;
        }
    }

    private readonly struct BackwardFormula<T> : IAxisFormula<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<V, TStore>(AxisLines<V, T> y, AxisLines<V, T> dy, AxisLines<V, T> none, AxisLines<V, T> dx)
            where V : struct, ISimdVector<V, T>
            where TStore : struct, IStore
        {
            V sum = dy.Sum();
            for (int k = 0; k < y.Length; k++)
                dx.Put<TStore>(k, dy[k] - Exp<T>.Of(y[k]) * sum);
        }
    }
}
