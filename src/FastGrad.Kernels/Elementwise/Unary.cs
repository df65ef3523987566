using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The driver of unary operators: loops over spans; the mathematics is the operator's.</summary>
public static unsafe class Unary
{
    /// <summary>yᵢ = f(xᵢ).</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The outputs, of the same length; the same memory as <paramref name="x"/>, or none of it.</param>
    /// <param name="accumulate">Whether to add to <paramref name="y"/>: yᵢ += f(xᵢ).</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TOperator, T>(TOperator op, ReadOnlySpan<T> x, Span<T> y, bool accumulate = false, WorkerTeam? workers = null)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        fixed (T* px = x, py = y)
            ElementPass.Write(new Values<TOperator, T>(op, px), py, y.Length, accumulate, px != py, workers);
    }

    /// <summary>dxᵢ = dyᵢ·f′ᵢ, or dxᵢ += dyᵢ·f′ᵢ.</summary>
    /// <remarks>The Jacobian is diagonal: the same call takes a tangent dx to dy.</remarks>
    /// <param name="op">The operator f.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="residual">What the operator's derivative reads: its inputs or its outputs; ignored where it reads nothing.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="dy"/> or <paramref name="residual"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>; product and sum are rounded one after the other.</param>
    /// <param name="workers">The team to share long spans; none means the calling thread. The bits are the same.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TOperator, T>(
        TOperator op, ReadOnlySpan<T> dy, ReadOnlySpan<T> residual, Span<T> dx, bool accumulate, WorkerTeam? workers = null)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TOperator.Residual == Residual.None)
            residual = dy; // not read
        SpanCheck.SameLength(dy, dx);
        SpanCheck.SameLength(residual, dx);
        SpanCheck.SameOrDisjoint(dy, dx);
        SpanCheck.SameOrDisjoint(residual, dx);
        fixed (T* pdy = dy, pr = residual, pdx = dx)
            ElementPass.Write(new Gradients<TOperator, T>(op, pdy, pr), pdx, dx.Length, accumulate, pdy != pdx && pr != pdx, workers);
    }

    /// <summary>f(xᵢ).</summary>
    internal readonly struct Values<TOperator, T>(TOperator op, T* x) : IElements<T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsShort => TOperator.IsShort;

        public static bool HasUsual => TOperator.HasUsual;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(nuint i)
            where V : struct, ISimdVector<V, T> => op.Value(V.Load(in *x, i));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsUsual<V>(nuint i)
            where V : struct, ISimdVector<V, T> => TOperator.IsUsual(V.Load(in *x, i));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Usual<V>(nuint i)
            where V : struct, ISimdVector<V, T> => TOperator.Usual(V.Load(in *x, i));
    }

    /// <summary>dyᵢ·f′ᵢ.</summary>
    private readonly struct Gradients<TOperator, T>(TOperator op, T* dy, T* residual) : IElements<T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsShort => TOperator.IsShort;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(nuint i)
            where V : struct, ISimdVector<V, T>
        {
            // A load that no one uses would still touch its cache line.
            V kept = TOperator.Residual == Residual.None ? default : V.Load(in *residual, i);
            V derivative = op.Derivative(kept);
            return V.Load(in *dy, i) * derivative;
        }
    }
}
