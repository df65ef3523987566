using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>One vector.</summary>
internal readonly unsafe struct Strip1<V, T> : IStrip<Strip1<V, T>, T>, ILaneStrip<Strip1<V, T>, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly V _first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strip1(V first)
    {
        _first = first;
    }

    public static Strip1<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> Load(T* p, int lanes) => new(V.Load(in *p, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip1<V, T> x, T* p, int lanes)
    {
        V.Store(x._first, ref *p, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> FusedMultiplyAdd(T a, Strip1<V, T> b, Strip1<V, T> c)
    {
        V x = V.Create(a);
        return new(V.FusedMultiplyAdd(x, b._first, c._first));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> Add(Strip1<V, T> a, Strip1<V, T> b) =>
        new(a._first + b._first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> Load(T* p) => Load(p, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip1<V, T> x, T* p) => Store(x, p, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> FusedMultiplyAdd(Strip1<V, T> a, Strip1<V, T> b, Strip1<V, T> c) =>
        new(V.FusedMultiplyAdd(a._first, b._first, c._first));
}
