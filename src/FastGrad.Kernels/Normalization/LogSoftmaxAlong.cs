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
            AxisStrips<ForwardLoop<T>, T>.Run(new() { X = px, Y = py, Length = length, Inner = (nuint)inner }, outer, length, inner, workers);
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
            AxisStrips<BackwardLoop<T>, T>.Run(new() { Y = py, Dy = pd, Dx = pdx, Accumulates = accumulate, Length = length, Inner = (nuint)inner }, outer, length, inner, workers);
    }

    private struct ForwardLoop<T> : IAxisLoop<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y;
        public int Length;
        public nuint Inner;

        public void Move(nint element, nint line)
        {
            X += element;
            Y += element;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
        {
            nuint inner = Inner;
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                T* x = X + i, y = Y + i;
                V maximum = SoftmaxAlong.Maximum<V, T>(x, Length, inner), log = Log<T>.Of(SoftmaxAlong.Sum(x, maximum, Length, inner));
                for (int k = 0; k < Length; k++)
                    V.Store(V.Load(in *x, (nuint)k * inner) - maximum - log, ref *y, (nuint)k * inner);
            }
            return i;
        }
    }

    private struct BackwardLoop<T> : IAxisLoop<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* Y, Dy, Dx;
        public bool Accumulates;
        public int Length;
        public nuint Inner;

        public void Move(nint element, nint line)
        {
            Y += element;
            Dy += element;
            Dx += element;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
        {
            nuint inner = Inner;
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                T* y = Y + i, dy = Dy + i, dx = Dx + i;
                V sum = V.Create(T.Zero);
                for (int k = 0; k < Length; k++)
                    sum += V.Load(in *dy, (nuint)k * inner);
                for (int k = 0; k < Length; k++)
                {
                    nuint at = (nuint)k * inner;
                    V gradient = V.Load(in *dy, at) - Exp<T>.Of(V.Load(in *y, at)) * sum;
                    V.Store(Accumulates ? V.Load(in *dx, at) + gradient : gradient, ref *dx, at);
                }
            }
            return i;
        }
    }
}
