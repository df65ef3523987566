using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The driver of ternary operators: loops over spans, of which the operands may be scalars; the mathematics is the operator's.</summary>
/// <remarks>Operands follow the rules of <see cref="Binary"/>: full and the result's memory or none of it, or one scalar anywhere.</remarks>
public static unsafe class Ternary
{
    /// <summary>wᵢ = f(xᵢ, yᵢ, zᵢ).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand: as many elements as <paramref name="w"/>, or one for all.</param>
    /// <param name="y">The second operand: as many elements as <paramref name="w"/>, or one for all.</param>
    /// <param name="z">The third operand: as many elements as <paramref name="w"/>, or one for all.</param>
    /// <param name="w">The outputs.</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> w, WorkerTeam? workers = null)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.Operand(x, w);
        SpanCheck.Operand(y, w);
        SpanCheck.Operand(z, w);
        if (x.Length == w.Length && y.Length == w.Length && z.Length == w.Length)
            Forward<TOperator, Full<T>, T>(op, x, y, z, w, workers);
        else
            Forward<TOperator, Stretched<T>, T>(op, x, y, z, w, workers);
    }

    /// <summary>dxᵢ = dwᵢ·∂f/∂x, or dxᵢ += dwᵢ·∂f/∂x: full length, also where x was a scalar (the caller sums then).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The second operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The third operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="dw">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dx">The gradient with respect to the first operand; it may be the memory of <paramref name="dw"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>; product and sum are rounded one after the other.</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    public static void BackwardFirst<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> dx, bool accumulate,
        WorkerTeam? workers = null)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, First, T>(op, x, y, z, dw, dx, accumulate, workers);

    /// <summary>dyᵢ = dwᵢ·∂f/∂y, or dyᵢ += dwᵢ·∂f/∂y: as <see cref="BackwardFirst{TOperator,T}"/>, for the second operand.</summary>
    /// <inheritdoc cref="BackwardFirst{TOperator,T}"/>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The second operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The third operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="dw">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dy">The gradient with respect to the second operand; it may be the memory of <paramref name="dw"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dy"/>; product and sum are rounded one after the other.</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    public static void BackwardSecond<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> dy, bool accumulate,
        WorkerTeam? workers = null)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Second, T>(op, x, y, z, dw, dy, accumulate, workers);

    /// <summary>dzᵢ = dwᵢ·∂f/∂z, or dzᵢ += dwᵢ·∂f/∂z: as <see cref="BackwardFirst{TOperator,T}"/>, for the third operand.</summary>
    /// <inheritdoc cref="BackwardFirst{TOperator,T}"/>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The first operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The second operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The third operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="dw">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dz">The gradient with respect to the third operand; it may be the memory of <paramref name="dw"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dz"/>; product and sum are rounded one after the other.</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    public static void BackwardThird<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> dz, bool accumulate,
        WorkerTeam? workers = null)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Third, T>(op, x, y, z, dw, dz, accumulate, workers);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Forward<TOperator, TOperand, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> w, WorkerTeam? workers)
        where TOperator : struct, ITernaryOperator<T>
        where TOperand : struct, IOperand<TOperand, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        Unsafe.SkipInit(out Repeated<T> zBlock);
        int n = w.Length;
        fixed (T* px = x, py = y, pz = z, pw = w)
        {
            var values = new Values<TOperator, TOperand, T>(
                op, TOperand.Of(x, n, px, ref xBlock), TOperand.Of(y, n, py, ref yBlock), TOperand.Of(z, n, pz, ref zBlock));
            ElementPass.Write(values, pw, n, accumulate: false, px != pw && py != pw && pz != pw, workers);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TOperator, TSide, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> gradient, bool accumulate, WorkerTeam? workers)
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
        if (x.Length == gradient.Length && y.Length == gradient.Length && z.Length == gradient.Length && dw.Length == gradient.Length)
            Reverse<TOperator, TSide, Full<T>, T>(op, x, y, z, dw, gradient, accumulate, workers);
        else
            Reverse<TOperator, TSide, Stretched<T>, T>(op, x, y, z, dw, gradient, accumulate, workers);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Reverse<TOperator, TSide, TOperand, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dw, Span<T> gradient, bool accumulate, WorkerTeam? workers)
        where TOperator : struct, ITernaryOperator<T>
        where TSide : struct, ISide
        where TOperand : struct, IOperand<TOperand, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        Unsafe.SkipInit(out Repeated<T> zBlock);
        Unsafe.SkipInit(out Repeated<T> dwBlock);
        int n = gradient.Length;
        fixed (T* px = x, py = y, pz = z, pdw = dw, result = gradient)
        {
            var gradients = new Gradients<TOperator, TSide, TOperand, T>(
                op, TOperand.Of(x, n, px, ref xBlock), TOperand.Of(y, n, py, ref yBlock), TOperand.Of(z, n, pz, ref zBlock), TOperand.Of(dw, n, pdw, ref dwBlock));
            ElementPass.Write(gradients, result, n, accumulate, pdw != result, workers);
        }
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

    /// <summary>f(xᵢ, yᵢ, zᵢ). Three loads a vector keep the load ports busy without unrolling.</summary>
    private readonly struct Values<TOperator, TOperand, T>(TOperator op, TOperand x, TOperand y, TOperand z) : IElements<T>
        where TOperator : struct, ITernaryOperator<T>
        where TOperand : struct, IOperand<TOperand, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsShort => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(nuint i)
            where V : struct, ISimdVector<V, T> => op.Value(x.At<V>(i), y.At<V>(i), z.At<V>(i));
    }

    /// <summary>dwᵢ·∂f/∂x, dwᵢ·∂f/∂y or dwᵢ·∂f/∂z.</summary>
    private readonly struct Gradients<TOperator, TSide, TOperand, T>(TOperator op, TOperand x, TOperand y, TOperand z, TOperand dw) : IElements<T>
        where TOperator : struct, ITernaryOperator<T>
        where TSide : struct, ISide
        where TOperand : struct, IOperand<TOperand, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsShort => false;

        // A load that no one uses would still touch its cache line.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(nuint i)
            where V : struct, ISimdVector<V, T> => TSide.Partial<TOperator, V, T>(
                op,
                TSide.Reads<TOperator, T>().HasFlag(Residual.Input) ? x.At<V>(i) : default,
                TSide.Reads<TOperator, T>().HasFlag(Residual.Second) ? y.At<V>(i) : default,
                TSide.Reads<TOperator, T>().HasFlag(Residual.Third) ? z.At<V>(i) : default,
                dw.At<V>(i));
    }
}
