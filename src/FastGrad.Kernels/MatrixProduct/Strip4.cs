using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Four vectors.</summary>
internal readonly unsafe struct Strip4<V, T> : ILaneStrip<Strip4<V, T>, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly V _first, _second, _third, _fourth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Strip4(V first, V second, V third, V fourth)
    {
        _first = first;
        _second = second;
        _third = third;
        _fourth = fourth;
    }

    public V First => _first;

    public V Second => _second;

    public V Third => _third;

    public V Fourth => _fourth;

    public static Strip4<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip4<V, T> Load(T* p) =>
        new(V.Load(in *p, 0), V.Load(in *p, (nuint)V.Count), V.Load(in *p, 2 * (nuint)V.Count), V.Load(in *p, 3 * (nuint)V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip4<V, T> x, T* p)
    {
        V.Store(x._first, ref *p, 0);
        V.Store(x._second, ref *p, (nuint)V.Count);
        V.Store(x._third, ref *p, 2 * (nuint)V.Count);
        V.Store(x._fourth, ref *p, 3 * (nuint)V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip4<V, T> FusedMultiplyAdd(Strip4<V, T> a, Strip4<V, T> b, Strip4<V, T> c) => new(
        V.FusedMultiplyAdd(a._first, b._first, c._first),
        V.FusedMultiplyAdd(a._second, b._second, c._second),
        V.FusedMultiplyAdd(a._third, b._third, c._third),
        V.FusedMultiplyAdd(a._fourth, b._fourth, c._fourth));
}
