using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>cos x, x in radians.</summary>
/// <remarks>
/// x = n·π/2 + r with |r| ≤ π/4 to twice the working precision (<see cref="QuarterTurns{V,T}"/>, exact for every finite x), then the polynomial of
/// sine or cosine that the quadrant asks for. Error below 1 ulp. NaN for ±∞ and NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Cos<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>cos x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Cos<T>), x);

    /// <summary>cos x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Cos<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>cos′ x = −sin x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => -Sin<T>.Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
        => QuarterTurns<V, T>.Sine(x, V.Create(T.One)); // cos x = sin(x + π/2)
}
