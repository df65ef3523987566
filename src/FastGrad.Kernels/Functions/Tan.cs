using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>tan x, x in radians.</summary>
/// <remarks>
/// x = n·π/2 + r as for sine and cosine (<see cref="QuarterTurns{V,T}"/>, exact for every finite x); tan r = r + r³P(r²) with a minimax P (exchange algorithm in 50 digits, relative error 2^−25.8 and 2^−56.2 of the result), and −1/tan r for odd n,
/// with tan r in two parts. Error below 1.8 ulp in float, 1.6 in double. NaN for ±∞ and NaN, ±0 for ±0.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Tan<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>tan x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Tan<T>), x);

    /// <summary>tan x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Tan<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>tan′ x = 1 + tan² x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V y = Of(x);
        return V.FusedMultiplyAdd(y, y, V.Create(T.One));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V y = QuarterTurns<V, T>.Tangent(x);
        return V.Select(V.Equal(x, V.Create(T.Zero)), x, y);
    }
}
