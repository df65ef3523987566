using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Σᵢ (|xᵢ|·s)²; with a power of two s the products are exact, and nothing overflows or vanishes that matters.</summary>
/// <param name="s">The scale.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly struct SumOfScaledSquares<T>(T s) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsShort => true;

    public static T Empty => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V scaled = x * V.Create(s);
        return scaled * scaled;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => a + b;
}

/// <summary>Σᵢ (|xᵢ|·s)ᵖ, with 0 for xᵢ = 0.</summary>
/// <param name="s">The scale.</param>
/// <param name="p">The exponent, above 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly struct SumOfScaledPowers<T>(T s, T p) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Empty => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V scaled = V.Abs(x) * V.Create(s), zero = V.Create(T.Zero);
        return V.Select(V.Equal(scaled, zero), zero, Exp<T>.Of(V.Create(p) * Log<T>.Of(scaled)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => a + b;
}
