using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>A strip of three vectors.</summary>
internal readonly unsafe struct Strip3<V, T> : IStrip<Strip3<V, T>, T>
    where V : struct, IWide<V, T>
    where T : unmanaged
{
    private readonly V _first, _second, _third;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strip3(V first, V second, V third)
    {
        _first = first;
        _second = second;
        _third = third;
    }

    public static int Width => 3 * V.Count;

    public static Strip3<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip3<V, T> Load(T* p) => new(V.Load(p), V.Load(p + V.Count), V.Load(p + 2 * V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip3<V, T> x, T* p)
    {
        V.Store(x._first, p);
        V.Store(x._second, p + V.Count);
        V.Store(x._third, p + 2 * V.Count);
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
        new(V.Add(a._first, b._first), V.Add(a._second, b._second), V.Add(a._third, b._third));
}
