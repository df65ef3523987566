using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>arcsin x.</summary>
/// <remarks>
/// x + x³P(x²) for |x| ≤ ½, with a minimax P (exchange algorithm in 50 digits, relative error 2^−27.6 and 2^−59.8 of the result);
/// π/2 − 2·arcsin √((1 − |x|)/2) beyond, with root and π/2 in two parts. Error below 1.1 ulp. ±π/2 at ±1, NaN for |x| &gt; 1 and NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Asin<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>arcsin x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Asin<T>), x);

    /// <summary>arcsin x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Asin<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>arcsin′ x = 1/√((1 − x)(1 + x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / V.Sqrt((V.Create(T.One) - x) * (V.Create(T.One) + x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        V far = V.GreaterThan(a, V.Constant(0.5));
        V z = V.Select(far, ArcSine<V, T>.HalfGap(a), a * a);
        V root = V.Sqrt(z);
        V s = V.Select(far, root, a);
        V p = s * z * ArcSine<V, T>.Polynomial(z);
        return V.CopySign(V.Select(far, ArcSine<V, T>.Below(0.5, s, p + ArcSine<V, T>.Lost(root, z)), s + p), x);
    }
}
