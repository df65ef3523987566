using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>A strip of one vector.</summary>
internal readonly unsafe struct Strip1<V, T> : IStrip<Strip1<V, T>, T>
    where V : struct, IWide<V, T>
    where T : unmanaged
{
    private readonly V _first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strip1(V first)
    {
        _first = first;
    }

    public static int Width => V.Count;

    public static Strip1<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> Load(T* p) => new(V.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Strip1<V, T> x, T* p)
    {
        V.Store(x._first, p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> FusedMultiplyAdd(T a, Strip1<V, T> b, Strip1<V, T> c)
    {
        V x = V.Create(a);
        return new(V.FusedMultiplyAdd(x, b._first, c._first));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<V, T> Add(Strip1<V, T> a, Strip1<V, T> b) =>
        new(V.Add(a._first, b._first));
}
