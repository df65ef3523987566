using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>How a driver's result reaches its destination. A type, so that the choice is made before the loop is compiled.</summary>
internal interface IStore
{
    static abstract void Put<V, T>(V value, ref T destination, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The result replaces what is there.</summary>
internal readonly struct Written : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V, T>(V value, ref T destination, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Store(value, ref destination, i);
}

/// <summary>The result is added to what is there.</summary>
internal readonly struct Added : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V, T>(V value, ref T destination, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Store(V.Load(in destination, i) + value, ref destination, i);
}
