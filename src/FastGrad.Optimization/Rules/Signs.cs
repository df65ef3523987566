using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>Signs of vectors.</summary>
public static class Signs
{
    /// <summary>1 for positive elements, −1 for negative ones; zeros and NaN come through as they are.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, T>(V x)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = V.Create(T.Zero);
        return V.Select(V.GreaterThan(x, zero), V.Create(T.One), V.Select(V.LessThan(x, zero), V.Create(T.NegativeOne), x));
    }
}
