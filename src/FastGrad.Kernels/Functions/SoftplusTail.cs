using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>log(1 + e⁻ᵃ) for a ≥ 0: what softplus adds to max(x, 0), and log σ subtracts from min(x, 0).</summary>
/// <remarks>
/// The exponential keeps what its last sum rounds, and so does 1 + e⁻ᵃ: the logarithm takes both parts (<see cref="LogCore{V,T}"/>), and what counts is its own error.
/// </remarks>
internal static class SoftplusTail<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>log(1 + e⁻ᵃ) for 0 ≤ a ≤ <see cref="ExpCore{V,T}.Bound"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Normal(V a)
    {
        V scale = ExpCore<V, T>.NormalParts(-a, out V p);
        return Logarithm(scale, p);
    }

    /// <summary>log(1 + e⁻ᵃ) for every a ≥ 0: the same bits where <see cref="Normal"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Every(V a)
    {
        V bound = V.Constant(ExpCore<V, T>.Bound);
        return V.Select(V.LessThanOrEqual(a, bound), Normal(V.Min(bound, a)), ExpCore<V, T>.SharpEvery(-a)); // far out the logarithm is its argument
    }

    /// <summary>log(1 + e^−(a + low)) for every a ≥ 0 and small |low|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Every(V a, V low)
    {
        V bound = V.Constant(ExpCore<V, T>.Bound);
        V scale = ExpCore<V, T>.NormalParts(-V.Min(bound, a), -low, out V p);
        V far = ExpCore<V, T>.SharpEvery(-V.Min(V.Constant(typeof(T) == typeof(float) ? 120 : 760), a), -low);
        return V.Select(V.LessThanOrEqual(a, bound), Logarithm(scale, p), far);
    }

    // log(1 + scale·(1 + p)), of which the second term is at most 1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Logarithm(V scale, V p)
    {
        V e = V.FusedMultiplyAdd(scale, p, scale), eLow = V.FusedMultiplyAdd(scale, p, scale - e);
        V u = V.Create(T.One) + e;
        return LogCore<V, T>.OfSum(u, e - (u - V.Create(T.One)) + eLow);
    }
}
