using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Three vectors.</summary>
internal readonly unsafe struct Strip3<V, T> : IStrip<Strip3<V, T>, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly V _first, _second, _third;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strip3(V first, V second, V third)
    {
        _first = first;
        _second = second;
        _third = third;
    }

    public static Strip3<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip3<V, T> Load(T* p, int lanes) => new(V.Load(in *p, 0), V.Load(in *p, (nuint)V.Count), V.Load(in *p, 2 * (nuint)V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip3<V, T> x, T* p, int lanes)
    {
        V.Store(x._first, ref *p, 0);
        V.Store(x._second, ref *p, (nuint)V.Count);
        V.Store(x._third, ref *p, 2 * (nuint)V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip3<V, T> FusedMultiplyAdd(T a, Strip3<V, T> b, Strip3<V, T> c)
    {
        V x = V.Create(a);
        return new(
            V.FusedMultiplyAdd(x, b._first, c._first),
            V.FusedMultiplyAdd(x, b._second, c._second),
            V.FusedMultiplyAdd(x, b._third, c._third));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip3<V, T> Add(Strip3<V, T> a, Strip3<V, T> b) =>
        new(a._first + b._first, a._second + b._second, a._third + b._third);
}
