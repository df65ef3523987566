using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Two vectors.</summary>
internal readonly unsafe struct Strip2<V, T> : IStrip<Strip2<V, T>, T>, ILaneStrip<Strip2<V, T>, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly V _first, _second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Strip2(V first, V second)
    {
        _first = first;
        _second = second;
    }

    public V First => _first;

    public V Second => _second;

    public static Strip2<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<V, T> Load(T* p, int lanes) => new(V.Load(in *p, 0), V.Load(in *p, (nuint)V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip2<V, T> x, T* p, int lanes)
    {
        V.Store(x._first, ref *p, 0);
        V.Store(x._second, ref *p, (nuint)V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<V, T> FusedMultiplyAdd(T a, Strip2<V, T> b, Strip2<V, T> c)
    {
        V x = V.Create(a);
        return new(
            V.FusedMultiplyAdd(x, b._first, c._first),
            V.FusedMultiplyAdd(x, b._second, c._second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<V, T> Add(Strip2<V, T> a, Strip2<V, T> b) =>
        new(a._first + b._first, a._second + b._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<V, T> Load(T* p) => Load(p, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip2<V, T> x, T* p) => Store(x, p, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<V, T> FusedMultiplyAdd(Strip2<V, T> a, Strip2<V, T> b, Strip2<V, T> c) =>
        new(
            V.FusedMultiplyAdd(a._first, b._first, c._first),
            V.FusedMultiplyAdd(a._second, b._second, c._second));
}
