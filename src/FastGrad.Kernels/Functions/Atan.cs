using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>arctan x.</summary>
/// <remarks>
/// By <see cref="ArcTangent{V,T}"/>. Error below 1.1 ulp. ±π/2 for x → ±∞, ±0 for ±0, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Atan<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>arctan x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Atan<T>), x);

    /// <summary>arctan x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Atan<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>arctan′ x = 1/(1 + x²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One), far = one / V.Max(one, V.Abs(x));
        return V.Select(V.GreaterThan(V.Abs(x), V.Constant(1e17)), far * far, one / V.FusedMultiplyAdd(x, x, one)); // x² would overflow
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V y = V.CopySign(ArcTangent<V, T>.Of(V.Abs(x), V.Create(T.One)), x);
        return V.Select(V.Equal(x, x), y, x);
    }
}
