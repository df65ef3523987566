using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>What becomes of a normalized value. A type, so that the choice is made before the loop is compiled.</summary>
internal interface IAffine
{
    static abstract V Of<V, T>(V x, ref T weight, ref T bias, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>x.</summary>
internal readonly struct Plain : IAffine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, T>(V x, ref T weight, ref T bias, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x;
}

/// <summary>x·w.</summary>
internal readonly struct Scaled : IAffine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, T>(V x, ref T weight, ref T bias, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x * V.Load(in weight, i);
}

/// <summary>x·w + b, rounded twice: a fused operation would be slow where the instruction is missing.</summary>
internal readonly struct ScaledShifted : IAffine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, T>(V x, ref T weight, ref T bias, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x * V.Load(in weight, i) + V.Load(in bias, i);
}
