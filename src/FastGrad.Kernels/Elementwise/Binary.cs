using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The driver of binary operators: loops over spans, of which the operands may be scalars; the mathematics is the operator's.</summary>
/// <remarks>
/// An operand is as long as the result, or of length 1: a scalar, which may lie anywhere, since it is copied first. Full operands are
/// the result's memory or none of it.
/// </remarks>
public static unsafe class Binary
{
    /// <summary>zᵢ = f(xᵢ, yᵢ).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The left operand: as many elements as <paramref name="z"/>, or one for all.</param>
    /// <param name="y">The right operand: as many elements as <paramref name="z"/>, or one for all.</param>
    /// <param name="z">The outputs.</param>
    /// <param name="accumulate">Whether to add to <paramref name="z"/>: zᵢ += f(xᵢ, yᵢ).</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, bool accumulate = false, WorkerTeam? workers = null)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.Operand(x, z);
        SpanCheck.Operand(y, z);
        if (x.Length != z.Length || y.Length != z.Length)
        {
            Stretch(op, x, y, z, accumulate, workers);
            return;
        }
        fixed (T* px = x, py = y, pz = z)
            ElementPass.Write(new Values<TOperator, Full<T>, T>(op, new(px), new(py)), pz, z.Length, accumulate, px != pz && py != pz, workers);
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
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    public static void BackwardLeft<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> dx, bool accumulate,
        WorkerTeam? workers = null)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Left, T>(op, x, y, z, dz, dx, accumulate, workers);

    /// <summary>dyᵢ = dzᵢ·∂f/∂y, or dyᵢ += dzᵢ·∂f/∂y: as <see cref="BackwardLeft{TOperator,T}"/>, for the right operand.</summary>
    /// <inheritdoc cref="BackwardLeft{TOperator,T}"/>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The left operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="y">The right operand, full or a scalar; ignored where the operator does not read it.</param>
    /// <param name="z">The outputs; ignored where the operator does not read them.</param>
    /// <param name="dz">The gradient with respect to the outputs: full, or one for all.</param>
    /// <param name="dy">The gradient with respect to the right operand; it may be the memory of <paramref name="dz"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dy"/>; product and sum are rounded one after the other.</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    public static void BackwardRight<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> dy, bool accumulate,
        WorkerTeam? workers = null)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Backward<TOperator, Right, T>(op, x, y, z, dz, dy, accumulate, workers);

    // Apart, so that only a call with a scalar has blocks of copies in its frame.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Stretch<TOperator, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, bool accumulate, WorkerTeam? workers)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        fixed (T* px = x, py = y, pz = z)
        {
            var values = new Values<TOperator, Stretched<T>, T>(
                op, Stretched<T>.Of(x, z.Length, px, ref xBlock), Stretched<T>.Of(y, z.Length, py, ref yBlock));
            ElementPass.Write(values, pz, z.Length, accumulate, px != pz && py != pz, workers);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TOperator, TSide, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> gradient, bool accumulate, WorkerTeam? workers)
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
        if (x.Length == gradient.Length && y.Length == gradient.Length && dz.Length == gradient.Length)
            Reverse<TOperator, TSide, Full<T>, T>(op, x, y, z, dz, gradient, accumulate, workers);
        else
            Reverse<TOperator, TSide, Stretched<T>, T>(op, x, y, z, dz, gradient, accumulate, workers);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Reverse<TOperator, TSide, TOperand, T>(
        TOperator op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> gradient, bool accumulate, WorkerTeam? workers)
        where TOperator : struct, IBinaryOperator<T>
        where TSide : struct, ISide
        where TOperand : struct, IOperand<TOperand, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Repeated<T> xBlock);
        Unsafe.SkipInit(out Repeated<T> yBlock);
        Unsafe.SkipInit(out Repeated<T> dzBlock);
        int n = gradient.Length;
        fixed (T* px = x, py = y, pz = z, pdz = dz, result = gradient)
        {
            var gradients = new Gradients<TOperator, TSide, TOperand, T>(
                op, TOperand.Of(x, n, px, ref xBlock), TOperand.Of(y, n, py, ref yBlock), pz, TOperand.Of(dz, n, pdz, ref dzBlock));
            ElementPass.Write(gradients, result, n, accumulate, pdz != result, workers);
        }
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

    /// <summary>f(xᵢ, yᵢ).</summary>
    internal readonly struct Values<TOperator, TOperand, T>(TOperator op, TOperand x, TOperand y) : IElements<T>
        where TOperator : struct, IBinaryOperator<T>
        where TOperand : struct, IOperand<TOperand, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsShort => TOperator.IsShort;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(nuint i)
            where V : struct, ISimdVector<V, T> => op.Value(x.At<V>(i), y.At<V>(i));
    }

    /// <summary>dzᵢ·∂f/∂x or dzᵢ·∂f/∂y.</summary>
    private readonly struct Gradients<TOperator, TSide, TOperand, T>(TOperator op, TOperand x, TOperand y, T* z, TOperand dz) : IElements<T>
        where TOperator : struct, IBinaryOperator<T>
        where TSide : struct, ISide
        where TOperand : struct, IOperand<TOperand, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsShort => TOperator.IsShort;

        // A load that no one uses would still touch its cache line.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(nuint i)
            where V : struct, ISimdVector<V, T> => TSide.Partial<TOperator, V, T>(
                op,
                TSide.Reads<TOperator, T>().HasFlag(Residual.Input) ? x.At<V>(i) : default,
                TSide.Reads<TOperator, T>().HasFlag(Residual.Second) ? y.At<V>(i) : default,
                TSide.Reads<TOperator, T>().HasFlag(Residual.Output) ? V.Load(in *z, i) : default,
                dz.At<V>(i));
    }
}
