using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>atan2(x, y): the angle of the point with ordinate x and abscissa y, in −π…π.</summary>
/// <remarks>
/// arctan(|x|/|y|) by <see cref="ArcTangent{V,T}"/>, π less that for negative y, with the sign of x. Error below 1.5 ulp. Special values as in IEEE 754-2019, 9.2.1:
/// atan2(±0, +0) = ±0, atan2(±0, −0) = ±π, multiples of π/4 where both are infinite; NaN where either is NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Atan2<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <summary>atan2(x, y) of any arithmetic values: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Atan2<T>), x, y);

    /// <summary>atan2(x, y) of scalars: the same bits as a vector's lane.</summary>
    public static T At(T x, T y) => default(Atan2<T>).Evaluate(new Lane<T>(x), new Lane<T>(y)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x, y);

    /// <summary>d·y/(x² + y²); NaN at the origin, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V r = Hypot<T>.Of(x, y);
        return d * (y / r / r);
    }

    /// <summary>−d·x/(x² + y²); NaN at the origin, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V r = Hypot<T>.Of(x, y);
        return -(d * (x / r / r));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x, V y)
        where V : struct, ISimdVector<V, T>
    {
        V z = ArcTangent<V, T>.Of(V.Abs(x), V.Abs(y));
        V low = V.Constant(typeof(T) == typeof(float) ? -8.742277657347586e-08 : 1.2246467991473532e-16);
        // A right angle is its own mirror image; reflected, it would be one rounding off.
        V mirrored = V.Select(V.Equal(z, V.Constant(1.5707963267948966)), z, V.Constant(3.141592653589793) - (z - low));
        z = V.Select(V.SignMask(y), mirrored, z);
        z = V.CopySign(z, x);
        return V.Select(V.Equal(x, x), V.Select(V.Equal(y, y), z, y), x);
    }
}
