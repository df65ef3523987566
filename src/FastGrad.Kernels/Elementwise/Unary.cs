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
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap without being the same.</exception>
    public static void Apply<TOperator, T>(TOperator op, ReadOnlySpan<T> x, Span<T> y)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T destination = ref MemoryMarshal.GetReference(y);
        nuint i = 0, length = (nuint)y.Length;
        if (Isa.Has512) i = Forward<TOperator, Simd512<T>, T>(op, ref source, ref destination, i, length);
        if (Isa.Has256) i = Forward<TOperator, Simd256<T>, T>(op, ref source, ref destination, i, length);
        if (Isa.Has128) i = Forward<TOperator, Simd128<T>, T>(op, ref source, ref destination, i, length);
        Forward<TOperator, Lane<T>, T>(op, ref source, ref destination, i, length);
    }

    /// <summary>dxᵢ = dyᵢ·f′ᵢ, or dxᵢ += dyᵢ·f′ᵢ.</summary>
    /// <param name="op">The operator f.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="residual">What the operator's derivative reads: its inputs or its outputs; ignored where it reads nothing.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="dy"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>; product and sum are rounded one after the other.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap without being the same.</exception>
    public static void Backward<TOperator, T>(TOperator op, ReadOnlySpan<T> dy, ReadOnlySpan<T> residual, Span<T> dx, bool accumulate)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TOperator.Residual == Residual.None)
            residual = dy; // its values do not matter
        SpanCheck.SameLength(dy, dx);
        SpanCheck.SameLength(residual, dx);
        SpanCheck.SameOrDisjoint(dy, dx);
        SpanCheck.SameOrDisjoint(residual, dx);
        ref T gradient = ref MemoryMarshal.GetReference(dy);
        ref T kept = ref MemoryMarshal.GetReference(residual);
        ref T destination = ref MemoryMarshal.GetReference(dx);
        nuint i = 0, length = (nuint)dx.Length;
        if (Isa.Has512) i = Backward<TOperator, Simd512<T>, T>(op, ref gradient, ref kept, ref destination, accumulate, i, length);
        if (Isa.Has256) i = Backward<TOperator, Simd256<T>, T>(op, ref gradient, ref kept, ref destination, accumulate, i, length);
        if (Isa.Has128) i = Backward<TOperator, Simd128<T>, T>(op, ref gradient, ref kept, ref destination, accumulate, i, length);
        Backward<TOperator, Lane<T>, T>(op, ref gradient, ref kept, ref destination, accumulate, i, length);
    }

    // Four independent vectors an iteration hide the latency of a polynomial's chain. A tail descends the ladder of widths:
    // every width gives the same bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nuint Forward<TOperator, V, T>(TOperator op, ref T x, ref T y, nuint i, nuint length)
        where TOperator : struct, IUnaryOperator<T>
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)V.Count;
        for (; i + 4 * width <= length; i += 4 * width)
        {
            V y0 = op.Value(V.Load(in x, i));
            V y1 = op.Value(V.Load(in x, i + width));
            V y2 = op.Value(V.Load(in x, i + 2 * width));
            V y3 = op.Value(V.Load(in x, i + 3 * width));
            V.Store(y0, ref y, i);
            V.Store(y1, ref y, i + width);
            V.Store(y2, ref y, i + 2 * width);
            V.Store(y3, ref y, i + 3 * width);
        }
        for (; i + width <= length; i += width)
            V.Store(op.Value(V.Load(in x, i)), ref y, i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nuint Backward<TOperator, V, T>(TOperator op, ref T dy, ref T residual, ref T dx, bool accumulate, nuint i, nuint length)
        where TOperator : struct, IUnaryOperator<T>
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)V.Count;
        for (; i + width <= length; i += width)
        {
            V d = V.Load(in dy, i) * op.Derivative(V.Load(in residual, i));
            V.Store(accumulate ? V.Load(in dx, i) + d : d, ref dx, i);
        }
        return i;
    }
}
