using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The driver of unary operators: loops over spans; the mathematics is the operator's.</summary>
public static class Unary
{
    /// <summary>yᵢ = f(xᵢ).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The outputs, of the same length; the same memory as <paramref name="x"/>, or none of it.</param>
    /// <param name="accumulate">Whether to add to <paramref name="y"/>: yᵢ += f(xᵢ).</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TOperator, T>(TOperator op, ReadOnlySpan<T> x, Span<T> y, bool accumulate = false)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        if (accumulate)
            Apply<TOperator, Added, T>(op, x, y);
        else
            Apply<TOperator, Written, T>(op, x, y);
    }

    /// <summary>dxᵢ = dyᵢ·f′ᵢ, or dxᵢ += dyᵢ·f′ᵢ.</summary>
    /// <remarks>The Jacobian is diagonal: the same call takes a tangent dx to dy.</remarks>
    /// <param name="op">The operator f.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="residual">What the operator's derivative reads: its inputs or its outputs; ignored where it reads nothing.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="dy"/> or <paramref name="residual"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>; product and sum are rounded one after the other.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TOperator, T>(TOperator op, ReadOnlySpan<T> dy, ReadOnlySpan<T> residual, Span<T> dx, bool accumulate)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TOperator.Residual == Residual.None)
            residual = dy; // not read
        SpanCheck.SameLength(dy, dx);
        SpanCheck.SameLength(residual, dx);
        SpanCheck.SameOrDisjoint(dy, dx);
        SpanCheck.SameOrDisjoint(residual, dx);
        if (accumulate)
            Backward<TOperator, Added, T>(op, dy, residual, dx);
        else
            Backward<TOperator, Written, T>(op, dy, residual, dx);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TOperator, TStore, T>(TOperator op, ReadOnlySpan<T> x, Span<T> y)
        where TOperator : struct, IUnaryOperator<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T destination = ref MemoryMarshal.GetReference(y);
        var loop = new Forward<TOperator, TStore, T>(op, ref MemoryMarshal.GetReference(x), ref destination);
        Ladder.Descend<Forward<TOperator, TStore, T>, T>(ref loop, ref destination, (nuint)y.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Backward<TOperator, TStore, T>(TOperator op, ReadOnlySpan<T> dy, ReadOnlySpan<T> residual, Span<T> dx)
        where TOperator : struct, IUnaryOperator<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T destination = ref MemoryMarshal.GetReference(dx);
        var loop = new Reverse<TOperator, TStore, T>(
            op, ref MemoryMarshal.GetReference(dy), ref MemoryMarshal.GetReference(residual), ref destination);
        Ladder.Descend<Reverse<TOperator, TStore, T>, T>(ref loop, ref destination, (nuint)dx.Length);
    }

    private readonly ref struct Forward<TOperator, TStore, T>(TOperator op, ref T x, ref T y) : ILoop<T>
        where TOperator : struct, IUnaryOperator<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _op = op;
        private readonly ref T _x = ref x;
        private readonly ref T _y = ref y;

        // Iterations are independent, so the processor overlaps them by itself: exp is as fast as with four copies. Short bodies gain
        // a quarter from four. Four copies of a large one exceed the JIT's 512 locals, after which it stops inlining (gelu: 40 times slower).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            if (TOperator.IsShort && i + 4 * (nuint)V.Count <= length)
                i = Four<V>(i, length);
            return i + (nuint)V.Count <= length ? One<V>(i, length) : i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint One<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T x = ref _x, y = ref _y;
            nuint width = (nuint)V.Count;
            for (; i + width <= length; i += width)
            {
                V v = V.Load(in x, i);
                TStore.Put(!TOperator.HasUsual ? op.Value(v) : TOperator.IsUsual(v) ? TOperator.Usual(v) : Rare(op, v), ref y, i);
            }
            return i;
        }

        // Out of line, so that the common path keeps its registers.
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static V Rare<V>(TOperator op, V x)
            where V : struct, ISimdVector<V, T> => op.Value(x);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint Four<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T x = ref _x, y = ref _y;
            nuint width = (nuint)V.Count;
            for (; i + 4 * width <= length; i += 4 * width)
            {
                V y0 = op.Value(V.Load(in x, i));
                V y1 = op.Value(V.Load(in x, i + width));
                V y2 = op.Value(V.Load(in x, i + 2 * width));
                V y3 = op.Value(V.Load(in x, i + 3 * width));
                TStore.Put(y0, ref y, i);
                TStore.Put(y1, ref y, i + width);
                TStore.Put(y2, ref y, i + 2 * width);
                TStore.Put(y3, ref y, i + 3 * width);
            }
            return i;
        }
    }

    private readonly ref struct Reverse<TOperator, TStore, T>(TOperator op, ref T dy, ref T residual, ref T dx) : ILoop<T>
        where TOperator : struct, IUnaryOperator<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _op = op;
        private readonly ref T _dy = ref dy;
        private readonly ref T _residual = ref residual;
        private readonly ref T _dx = ref dx;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            if (TOperator.IsShort && i + 4 * (nuint)V.Count <= length)
                i = Four<V>(i, length);
            return i + (nuint)V.Count <= length ? One<V>(i, length) : i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint One<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T dy = ref _dy, residual = ref _residual, dx = ref _dx;
            nuint width = (nuint)V.Count;
            for (; i + width <= length; i += width)
                TStore.Put(Product<V>(op, ref dy, ref residual, i), ref dx, i);
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint Four<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T dy = ref _dy, residual = ref _residual, dx = ref _dx;
            nuint width = (nuint)V.Count;
            for (; i + 4 * width <= length; i += 4 * width)
            {
                V d0 = Product<V>(op, ref dy, ref residual, i);
                V d1 = Product<V>(op, ref dy, ref residual, i + width);
                V d2 = Product<V>(op, ref dy, ref residual, i + 2 * width);
                V d3 = Product<V>(op, ref dy, ref residual, i + 3 * width);
                TStore.Put(d0, ref dx, i);
                TStore.Put(d1, ref dx, i + width);
                TStore.Put(d2, ref dx, i + 2 * width);
                TStore.Put(d3, ref dx, i + 3 * width);
            }
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Product<V>(TOperator op, ref T dy, ref T residual, nuint i)
            where V : struct, ISimdVector<V, T>
        {
            // A load that no one uses would still touch its cache line.
            V kept = TOperator.Residual == Residual.None ? default : V.Load(in residual, i);
            V derivative = op.Derivative(kept);
            return V.Load(in dy, i) * derivative;
        }
    }
}
