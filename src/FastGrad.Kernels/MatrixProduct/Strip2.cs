using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>A strip of two vectors.</summary>
internal readonly unsafe struct Strip2<V, T> : IStrip<Strip2<V, T>, T>
    where V : struct, IWide<V, T>
    where T : unmanaged
{
    private readonly V _first, _second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strip2(V first, V second)
    {
        _first = first;
        _second = second;
    }

    public static int Width => 2 * V.Count;

    public static Strip2<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<V, T> Load(T* p) => new(V.Load(p), V.Load(p + V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip2<V, T> x, T* p)
    {
        V.Store(x._first, p);
        V.Store(x._second, p + V.Count);
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
        new(V.Add(a._first, b._first), V.Add(a._second, b._second));
}
