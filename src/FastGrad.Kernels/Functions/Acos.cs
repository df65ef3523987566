using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>arccos x.</summary>
/// <remarks>
/// π/2 − arcsin x for |x| ≤ ½; 2·arcsin √((1 − x)/2) above, and π less that of −x below, all with roots and π in two parts. Error below 1.3 ulp.
/// 0 at 1, π at −1, NaN for |x| &gt; 1 and NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Acos<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>arccos x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Acos<T>), x);

    /// <summary>arccos x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Acos<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>arccos′ x = −1/√((1 − x)(1 + x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.NegativeOne) / V.Sqrt((V.Create(T.One) - x) * (V.Create(T.One) + x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        V far = V.GreaterThan(a, V.Constant(0.5));
        V z = V.Select(far, ArcSine<V, T>.HalfGap(a), a * a);
        V root = V.Sqrt(z);
        V s = V.Select(far, root, x);
        V p = s * z * ArcSine<V, T>.Polynomial(z);
        V tail = p + ArcSine<V, T>.Lost(root, z);
        V above = s + s + (tail + tail);
        V below = ArcSine<V, T>.Below(1, s, tail);
        // π/2 − (x + p)
        V quarter = V.Constant(1.5707963267948966);
        V w = quarter - x;
        V near = w + ((quarter - w) - x + (V.Constant(typeof(T) == typeof(float) ? -4.371138828673793e-08 : 6.123233995736766e-17) - p));
        return V.Select(far, V.Select(V.LessThan(x, V.Create(T.Zero)), below, above), near);
    }
}
