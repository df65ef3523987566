using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The driver of binary operators: loops over spans, of which the operands may be scalars; the mathematics is the operator's.</summary>
/// <remarks>
/// An operand is as long as the result, or of length 1: a scalar, which may lie anywhere, since it is copied first. Full operands are
/// the result's memory or none of it.
/// </remarks>
public static class Binary
{
    /// <summary>zᵢ = f(xᵢ, yᵢ).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The left operand: as many elements as <paramref name="z"/>, or one for all.</param>
    /// <param name="y">The right operand: as many elements as <paramref name="z"/>, or one for all.</param>
    /// <param name="z">The outputs.</param>
    /// <param name="accumulate">Whether to add to <paramref name="z"/>: zᵢ += f(xᵢ, yᵢ).</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TOperator, T>(TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, bool accumulate = false)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.Operand(x, z);
        SpanCheck.Operand(y, z);
        if (accumulate)
            Apply<TOperator, Added, T>(op, x, y, z);
        else
            Apply<TOperator, Written, T>(op, x, y, z);
    }

    /// <summary>dxᵢ = dzᵢ·∂f/∂x, or dxᵢ += dzᵢ·∂f/∂x: full length, also where x was a scalar (the caller sums then).</summary>
    /// <remarks>The Jacobian is diagonal: the same call takes a tangent dx to its part of dz.</remarks>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The left operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The right operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The outputs; ignored where the operator does not read them.</param>
    /// <param name="dz">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dx">The gradient with respect to the left operand; it may be the memory of <paramref name="dz"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>; product and sum are rounded one after the other.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    public static void BackwardLeft<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> dx, bool accumulate)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Left, T>(op, x, y, z, dz, dx, accumulate);

    /// <summary>dyᵢ = dzᵢ·∂f/∂y, or dyᵢ += dzᵢ·∂f/∂y: as <see cref="BackwardLeft{TOperator,T}"/>, for the right operand.</summary>
    /// <inheritdoc cref="BackwardLeft{TOperator,T}"/>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The left operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The right operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The outputs; ignored where the operator does not read them.</param>
    /// <param name="dz">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dy">The gradient with respect to the right operand; it may be the memory of <paramref name="dz"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dy"/>; product and sum are rounded one after the other.</param>
    public static void BackwardRight<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> dy, bool accumulate)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Right, T>(op, x, y, z, dz, dy, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TOperator, TSide, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> gradient, bool accumulate)
        where TOperator : struct, IBinaryOperator<T>
        where TSide : struct, ISide
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Residual reads = TSide.Reads<TOperator, T>();
        if ((reads & Residual.Input) == 0) x = gradient; // not read
        if ((reads & Residual.Second) == 0) y = gradient;
        if ((reads & Residual.Output) == 0) z = gradient;
        SpanCheck.Operand(x, gradient);
        SpanCheck.Operand(y, gradient);
        SpanCheck.SameLength(z, gradient);
        SpanCheck.SameOrDisjoint(z, gradient);
        SpanCheck.Operand(dz, gradient);
        if (accumulate)
            Backward<TOperator, TSide, Added, T>(op, x, y, z, dz, gradient);
        else
            Backward<TOperator, TSide, Written, T>(op, x, y, z, dz, gradient);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TOperator, TStore, T>(TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where TOperator : struct, IBinaryOperator<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        ref T destination = ref MemoryMarshal.GetReference(z);
        var loop = new Forward<TOperator, TStore, T>(
            op,
            ref Repeated<T>.Source(x, z.Length, ref xBlock, out nuint xStep), xStep,
            ref Repeated<T>.Source(y, z.Length, ref yBlock, out nuint yStep), yStep,
            ref destination);
        Ladder.Descend<Forward<TOperator, TStore, T>, T>(ref loop, ref destination, (nuint)z.Length);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TOperator, TSide, TStore, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> gradient)
        where TOperator : struct, IBinaryOperator<T>
        where TSide : struct, ISide
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        Unsafe.SkipInit(out Repeated<T> dzBlock);
        ref T destination = ref MemoryMarshal.GetReference(gradient);
        var loop = new Reverse<TOperator, TSide, TStore, T>(
            op,
            ref Repeated<T>.Source(x, gradient.Length, ref xBlock, out nuint xStep), xStep,
            ref Repeated<T>.Source(y, gradient.Length, ref yBlock, out nuint yStep), yStep,
            ref MemoryMarshal.GetReference(z),
            ref Repeated<T>.Source(dz, gradient.Length, ref dzBlock, out nuint dzStep), dzStep,
            ref destination);
        Ladder.Descend<Reverse<TOperator, TSide, TStore, T>, T>(ref loop, ref destination, (nuint)gradient.Length);
    }

    /// <summary>Which partial derivative a backward loop takes.</summary>
    private interface ISide
    {
        static abstract Residual Reads<TOperator, T>()
            where TOperator : struct, IBinaryOperator<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;

        static abstract V Partial<TOperator, V, T>(TOperator op, V x, V y, V z, V d)
            where TOperator : struct, IBinaryOperator<T>
            where V : struct, IArithmetic<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private readonly struct Left : ISide
    {
        public static Residual Reads<TOperator, T>()
            where TOperator : struct, IBinaryOperator<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => TOperator.Residual & TOperator.LeftReads;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Partial<TOperator, V, T>(TOperator op, V x, V y, V z, V d)
            where TOperator : struct, IBinaryOperator<T>
            where V : struct, IArithmetic<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => op.Left(x, y, z, d);
    }

    private readonly struct Right : ISide
    {
        public static Residual Reads<TOperator, T>()
            where TOperator : struct, IBinaryOperator<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => TOperator.Residual & TOperator.RightReads;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Partial<TOperator, V, T>(TOperator op, V x, V y, V z, V d)
            where TOperator : struct, IBinaryOperator<T>
            where V : struct, IArithmetic<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => op.Right(x, y, z, d);
    }

    private readonly ref struct Forward<TOperator, TStore, T>(
        TOperator op, ref T x, nuint xStep, ref T y, nuint yStep, ref T z) : ILoop<T>
        where TOperator : struct, IBinaryOperator<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _op = op;
        private readonly ref T _x = ref x;
        private readonly ref T _y = ref y;
        private readonly ref T _z = ref z;
        private readonly nuint _xStep = xStep;
        private readonly nuint _yStep = yStep;

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
            ref T x = ref _x, y = ref _y, z = ref _z;
            nuint width = (nuint)V.Count, xStep = _xStep * width, yStep = _yStep * width;
            nuint xi = i * _xStep, yi = i * _yStep;
            for (; i + width <= length; i += width, xi += xStep, yi += yStep)
                TStore.Put(op.Value(V.Load(in x, xi), V.Load(in y, yi)), ref z, i);
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint Four<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T x = ref _x, y = ref _y, z = ref _z;
            nuint width = (nuint)V.Count, xStep = _xStep * width, yStep = _yStep * width;
            nuint xi = i * _xStep, yi = i * _yStep;
            for (; i + 4 * width <= length; i += 4 * width, xi += 4 * xStep, yi += 4 * yStep)
            {
                V z0 = op.Value(V.Load(in x, xi), V.Load(in y, yi));
                V z1 = op.Value(V.Load(in x, xi + xStep), V.Load(in y, yi + yStep));
                V z2 = op.Value(V.Load(in x, xi + 2 * xStep), V.Load(in y, yi + 2 * yStep));
                V z3 = op.Value(V.Load(in x, xi + 3 * xStep), V.Load(in y, yi + 3 * yStep));
                TStore.Put(z0, ref z, i);
                TStore.Put(z1, ref z, i + width);
                TStore.Put(z2, ref z, i + 2 * width);
                TStore.Put(z3, ref z, i + 3 * width);
            }
            return i;
        }
    }

    private readonly ref struct Reverse<TOperator, TSide, TStore, T>(
        TOperator op, ref T x, nuint xStep, ref T y, nuint yStep, ref T z, ref T dz, nuint dzStep, ref T gradient) : ILoop<T>
        where TOperator : struct, IBinaryOperator<T>
        where TSide : struct, ISide
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _op = op;
        private readonly ref T _x = ref x;
        private readonly ref T _y = ref y;
        private readonly ref T _z = ref z;
        private readonly ref T _dz = ref dz;
        private readonly ref T _gradient = ref gradient;
        private readonly nuint _xStep = xStep;
        private readonly nuint _yStep = yStep;
        private readonly nuint _dzStep = dzStep;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T x = ref _x, y = ref _y, z = ref _z, dz = ref _dz, gradient = ref _gradient;
            nuint width = (nuint)V.Count, xStep = _xStep * width, yStep = _yStep * width, dzStep = _dzStep * width;
            nuint xi = i * _xStep, yi = i * _yStep, di = i * _dzStep;
            for (; i + width <= length; i += width, xi += xStep, yi += yStep, di += dzStep)
            {
                // A load that no one uses would still touch its cache line.
                V d = TSide.Partial<TOperator, V, T>(
                    op,
                    TSide.Reads<TOperator, T>().HasFlag(Residual.Input) ? V.Load(in x, xi) : default,
                    TSide.Reads<TOperator, T>().HasFlag(Residual.Second) ? V.Load(in y, yi) : default,
                    TSide.Reads<TOperator, T>().HasFlag(Residual.Output) ? V.Load(in z, i) : default,
                    V.Load(in dz, di));
                TStore.Put(d, ref gradient, i);
            }
            return i;
        }
    }
}
