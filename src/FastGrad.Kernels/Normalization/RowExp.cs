using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>exp(xᵢ − m) of a row and its sum, with m = maxⱼ xⱼ: what softmax, its logarithm and cross entropy share.</summary>
/// <remarks>
/// A row whose least element is near enough that no exponential leaves the normal numbers, which is nearly every row, takes the shorter form. Both forms have the same bits. The sum has the order of <see cref="Reduce"/>.
/// </remarks>
internal static unsafe class RowExp
{
    /// <summary>Leaves the exponentials in y, which may be x, and returns their sum.</summary>
    /// <remarks>The sum is a pass of its own over the first cache.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Store<T>(T* x, RowRange<T> range, T* y, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
            return T.Zero;
        if (range.IsUsual)
            ElementPass.Write(new Unary.Values<Shifted<UsualExp<T>, T>, T>(new(range.Maximum), x), y, columns);
        else
            ElementPass.Write(new Unary.Values<Shifted<FallingExp<T>, T>, T>(new(range.Maximum), x), y, columns);
        return FlatReduction.Of(default(Sum<T>), ref *y, ref *y, (nuint)columns);
    }

    /// <summary>Returns the sum alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Sum<T>(T* x, RowRange<T> range, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        columns == 0 ? T.Zero
        : range.IsUsual ? FlatReduction.Of(new ShiftedSum<UsualExp<T>, T>(range.Maximum), ref *x, ref *x, (nuint)columns)
        : FlatReduction.Of(new ShiftedSum<FallingExp<T>, T>(range.Maximum), ref *x, ref *x, (nuint)columns);

    /// <summary>f(x − shift).</summary>
    private readonly struct Shifted<TFunction, T>(T shift) : IUnaryOperator<T>
        where TFunction : struct, IFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Residual Residual => Residual.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V>(V x)
            where V : struct, IArithmetic<V, T> => V.Apply(default(TFunction), x - V.Create(shift));

        public V Derivative<V>(V y)
            where V : struct, IArithmetic<V, T> => y;
    }

    /// <summary>Σ f(xᵢ − shift).</summary>
    private readonly struct ShiftedSum<TFunction, T>(T shift) : IReduction<T>
        where TFunction : struct, IFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Empty => T.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Term<V>(V x, V y)
            where V : struct, IArithmetic<V, T> => V.Apply(default(TFunction), x - V.Create(shift));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Combine<V>(V a, V b)
            where V : struct, IArithmetic<V, T> => a + b;
    }
}

/// <summary>eˣ for x ≤ 0, with the bits of <see cref="Exp{T}"/>. For kernels that know the sign; what is recorded says exp.</summary>
internal readonly struct FallingExp<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Output;

    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T> => ExpCore<V, T>.Falling(x);
}

/// <summary>eˣ where it is a normal number.</summary>
internal readonly struct UsualExp<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Output;

    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T> => ExpCore<V, T>.Normal(x);
}
