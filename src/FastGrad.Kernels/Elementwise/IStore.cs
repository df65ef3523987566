using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>How a driver's result reaches its destination. A type, so that the choice is made before the loop is compiled.</summary>
internal interface IStore
{
    static abstract void Put<V, T>(V value, ref T destination, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>After the last element, before another thread may hear of it.</summary>
    static virtual void End()
    {
    }
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

/// <summary>The result replaces what is there, past the caches where a vector is aligned. The destination must be pinned.</summary>
internal readonly struct Past : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Put<V, T>(V value, ref T destination, nuint i)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* at = (T*)Unsafe.AsPointer(ref destination) + i;
        if ((nuint)at % ((nuint)V.Count * (nuint)sizeof(T)) == 0)
            V.StorePast(value, at);
        else
            V.Store(value, ref *at, 0);
    }

    // Such stores are not ordered with others.
    public static void End()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
    }
}
