using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Folds the lanes of one vector in halves, in registers: lane j with lane j + half.</summary>
internal static class Across
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<TReduction, T>(TReduction op, Simd512<T> v)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of(op, op.Combine(new Simd256<T>(v.Value.GetLower()), new Simd256<T>(v.Value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<TReduction, T>(TReduction op, Simd256<T> v)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of(op, op.Combine(new Simd128<T>(v.Value.GetLower()), new Simd128<T>(v.Value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<TReduction, T>(TReduction op, Simd128<T> v)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
            return op.Combine(Element(v, 0), Element(v, 1)).Value;
        return op.Combine(op.Combine(Element(v, 0), Element(v, 2)), op.Combine(Element(v, 1), Element(v, 3))).Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane<T> Element<T>(Simd128<T> v, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(v.Value.GetElement(i));
}
