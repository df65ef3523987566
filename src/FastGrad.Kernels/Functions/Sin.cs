using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>sin x, x in radians.</summary>
/// <remarks>
/// x = n·π/2 + r with |r| ≤ π/4 to twice the working precision (<see cref="QuarterTurns{V,T}"/>, exact for every finite x), then the polynomial of
/// sine or cosine that the quadrant asks for. Error below 1 ulp. NaN for ±∞ and NaN, ±0 for ±0.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Sin<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>sin x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Sin<T>), x);

    /// <summary>sin x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Sin<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>sin′ x = cos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Cos<T>.Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V y = QuarterTurns<V, T>.Sine(x, V.Create(T.Zero));
        return V.Select(V.Equal(x, V.Create(T.Zero)), x, y);
    }
}
