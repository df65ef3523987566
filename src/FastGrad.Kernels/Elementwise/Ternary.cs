using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The driver of ternary operators: loops over spans, of which the operands may be scalars; the mathematics is the operator's.</summary>
/// <remarks>Operands follow the rules of <see cref="Binary"/>: full and the result's memory or none of it, or one scalar anywhere.</remarks>
public static class Ternary
{
    /// <summary>wᵢ = f(xᵢ, yᵢ, zᵢ).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand: as many elements as <paramref name="w"/>, or one for all.</param>
    /// <param name="y">The second operand: as many elements as <paramref name="w"/>, or one for all.</param>
    /// <param name="z">The third operand: as many elements as <paramref name="w"/>, or one for all.</param>
    /// <param name="w">The outputs.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TOperator, T>(TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> w)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.Operand(x, w);
        SpanCheck.Operand(y, w);
        SpanCheck.Operand(z, w);
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        Unsafe.SkipInit(out Repeated<T> zBlock);
        ref T destination = ref MemoryMarshal.GetReference(w);
        var loop = new Forward<TOperator, T>(
            op,
            ref Repeated<T>.Source(x, w.Length, ref xBlock, out nuint xStep), xStep,
            ref Repeated<T>.Source(y, w.Length, ref yBlock, out nuint yStep), yStep,
            ref Repeated<T>.Source(z, w.Length, ref zBlock, out nuint zStep), zStep,
            ref destination);
        Ladder.Descend<Forward<TOperator, T>, T>(ref loop, ref destination, (nuint)w.Length);
    }

    /// <summary>dxᵢ = dwᵢ·∂f/∂x, or dxᵢ += dwᵢ·∂f/∂x: full length, also where x was a scalar (the caller sums then).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The second operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The third operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="dw">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dx">The gradient with respect to the first operand; it may be the memory of <paramref name="dw"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>; product and sum are rounded one after the other.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    public static void BackwardFirst<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> dx, bool accumulate)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, First, T>(op, x, y, z, dw, dx, accumulate);

    /// <summary>dyᵢ = dwᵢ·∂f/∂y, or dyᵢ += dwᵢ·∂f/∂y: as <see cref="BackwardFirst{TOperator,T}"/>, for the second operand.</summary>
    /// <inheritdoc cref="BackwardFirst{TOperator,T}"/>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The second operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The third operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="dw">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dy">The gradient with respect to the second operand; it may be the memory of <paramref name="dw"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dy"/>; product and sum are rounded one after the other.</param>
    public static void BackwardSecond<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> dy, bool accumulate)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Second, T>(op, x, y, z, dw, dy, accumulate);

    /// <summary>dzᵢ = dwᵢ·∂f/∂z, or dzᵢ += dwᵢ·∂f/∂z: as <see cref="BackwardFirst{TOperator,T}"/>, for the third operand.</summary>
    /// <inheritdoc cref="BackwardFirst{TOperator,T}"/>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The second operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The third operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="dw">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dz">The gradient with respect to the third operand; it may be the memory of <paramref name="dw"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dz"/>; product and sum are rounded one after the other.</param>
    public static void BackwardThird<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> dz, bool accumulate)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Third, T>(op, x, y, z, dw, dz, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TOperator, TSide, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> gradient, bool accumulate)
        where TOperator : struct, ITernaryOperator<T>
        where TSide : struct, ISide
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Residual reads = TSide.Reads<TOperator, T>();
        if ((reads & Residual.Input) == 0) x = gradient; // not read
        if ((reads & Residual.Second) == 0) y = gradient;
        if ((reads & Residual.Third) == 0) z = gradient;
        SpanCheck.Operand(x, gradient);
        SpanCheck.Operand(y, gradient);
        SpanCheck.Operand(z, gradient);
        SpanCheck.Operand(dw, gradient);
        if (accumulate)
            Backward<TOperator, TSide, Added, T>(op, x, y, z, dw, gradient);
        else
            Backward<TOperator, TSide, Written, T>(op, x, y, z, dw, gradient);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TOperator, TSide, TStore, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> gradient)
        where TOperator : struct, ITernaryOperator<T>
        where TSide : struct, ISide
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        Unsafe.SkipInit(out Repeated<T> zBlock);
        Unsafe.SkipInit(out Repeated<T> dwBlock);
        ref T destination = ref MemoryMarshal.GetReference(gradient);
        var loop = new Reverse<TOperator, TSide, TStore, T>(
            op,
            ref Repeated<T>.Source(x, gradient.Length, ref xBlock, out nuint xStep), xStep,
            ref Repeated<T>.Source(y, gradient.Length, ref yBlock, out nuint yStep), yStep,
            ref Repeated<T>.Source(z, gradient.Length, ref zBlock, out nuint zStep), zStep,
            ref Repeated<T>.Source(dw, gradient.Length, ref dwBlock, out nuint dwStep), dwStep,
            ref destination);
        Ladder.Descend<Reverse<TOperator, TSide, TStore, T>, T>(ref loop, ref destination, (nuint)gradient.Length);
    }

    /// <summary>Which partial derivative a backward loop takes.</summary>
    private interface ISide
    {
        static abstract Residual Reads<TOperator, T>()
            where TOperator : struct, ITernaryOperator<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;

        static abstract V Partial<TOperator, V, T>(TOperator op, V x, V y, V z, V d)
            where TOperator : struct, ITernaryOperator<T>
            where V : struct, IArithmetic<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private readonly struct First : ISide
    {
        public static Residual Reads<TOperator, T>()
            where TOperator : struct, ITernaryOperator<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => TOperator.Residual & TOperator.FirstReads;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Partial<TOperator, V, T>(TOperator op, V x, V y, V z, V d)
            where TOperator : struct, ITernaryOperator<T>
            where V : struct, IArithmetic<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => op.First(x, y, z, d);
    }

    private readonly struct Second : ISide
    {
        public static Residual Reads<TOperator, T>()
            where TOperator : struct, ITernaryOperator<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => TOperator.Residual & TOperator.SecondReads;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Partial<TOperator, V, T>(TOperator op, V x, V y, V z, V d)
            where TOperator : struct, ITernaryOperator<T>
            where V : struct, IArithmetic<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => op.Second(x, y, z, d);
    }

    private readonly struct Third : ISide
    {
        public static Residual Reads<TOperator, T>()
            where TOperator : struct, ITernaryOperator<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => TOperator.Residual & TOperator.ThirdReads;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Partial<TOperator, V, T>(TOperator op, V x, V y, V z, V d)
            where TOperator : struct, ITernaryOperator<T>
            where V : struct, IArithmetic<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => op.Third(x, y, z, d);
    }

    private readonly ref struct Forward<TOperator, T>(
        TOperator op, ref T x, nuint xStep, ref T y, nuint yStep, ref T z, nuint zStep, ref T w) : ILoop<T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _op = op;
        private readonly ref T _x = ref x;
        private readonly ref T _y = ref y;
        private readonly ref T _z = ref z;
        private readonly ref T _w = ref w;
        private readonly nuint _xStep = xStep;
        private readonly nuint _yStep = yStep;
        private readonly nuint _zStep = zStep;

        // Three loads a vector keep the load ports busy without unrolling.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T x = ref _x, y = ref _y, z = ref _z, w = ref _w;
            nuint width = (nuint)V.Count, xStep = _xStep * width, yStep = _yStep * width, zStep = _zStep * width;
            nuint xi = i * _xStep, yi = i * _yStep, zi = i * _zStep;
            for (; i + width <= length; i += width, xi += xStep, yi += yStep, zi += zStep)
                V.Store(op.Value(V.Load(in x, xi), V.Load(in y, yi), V.Load(in z, zi)), ref w, i);
            return i;
        }
    }

    private readonly ref struct Reverse<TOperator, TSide, TStore, T>(
        TOperator op, ref T x, nuint xStep, ref T y, nuint yStep, ref T z, nuint zStep, ref T dw, nuint dwStep, ref T gradient) : ILoop<T>
        where TOperator : struct, ITernaryOperator<T>
        where TSide : struct, ISide
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _op = op;
        private readonly ref T _x = ref x;
        private readonly ref T _y = ref y;
        private readonly ref T _z = ref z;
        private readonly ref T _dw = ref dw;
        private readonly ref T _gradient = ref gradient;
        private readonly nuint _xStep = xStep;
        private readonly nuint _yStep = yStep;
        private readonly nuint _zStep = zStep;
        private readonly nuint _dwStep = dwStep;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TOperator op = _op;
            ref T x = ref _x, y = ref _y, z = ref _z, dw = ref _dw, gradient = ref _gradient;
            nuint width = (nuint)V.Count, xStep = _xStep * width, yStep = _yStep * width, zStep = _zStep * width, dwStep = _dwStep * width;
            nuint xi = i * _xStep, yi = i * _yStep, zi = i * _zStep, di = i * _dwStep;
            for (; i + width <= length; i += width, xi += xStep, yi += yStep, zi += zStep, di += dwStep)
            {
                V d = TSide.Partial<TOperator, V, T>(
                    op,
                    TSide.Reads<TOperator, T>().HasFlag(Residual.Input) ? V.Load(in x, xi) : default,
                    TSide.Reads<TOperator, T>().HasFlag(Residual.Second) ? V.Load(in y, yi) : default,
                    TSide.Reads<TOperator, T>().HasFlag(Residual.Third) ? V.Load(in z, zi) : default,
                    V.Load(in dw, di));
                TStore.Put(d, ref gradient, i);
            }
            return i;
        }
    }
}
