using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>y = (x − m)·a + b along a run of one channel.</summary>
internal readonly ref struct RunForward<T>(ref T x, T m, T a, T b, ref T y) : ILoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T _x = ref x;
    private readonly ref T _y = ref y;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Of(ref T x, T m, T a, T b, ref T y, int length)
    {
        var loop = new RunForward<T>(ref x, m, a, b, ref y);
        Ladder.Descend<RunForward<T>, T>(ref loop, (nuint)length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Run<V>(nuint i, nuint length)
        where V : struct, ISimdVector<V, T>
    {
        V mean = V.Create(m), scale = V.Create(a), shift = V.Create(b);
        ref T x = ref _x, y = ref _y;
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            V.Store((V.Load(in x, i) - mean) * scale + shift, ref y, i);
        return i;
    }
}

/// <summary>dx = a·(dy − s − (x − m)·k) along a run of one channel.</summary>
internal readonly ref struct RunBackward<TStore, T>(ref T x, ref T dy, T m, T a, T s, T k, ref T dx) : ILoop<T>
    where TStore : struct, IStore
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T _x = ref x;
    private readonly ref T _dy = ref dy;
    private readonly ref T _dx = ref dx;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Of(ref T x, ref T dy, T m, T a, T s, T k, ref T dx, int length)
    {
        var loop = new RunBackward<TStore, T>(ref x, ref dy, m, a, s, k, ref dx);
        Ladder.Descend<RunBackward<TStore, T>, T>(ref loop, (nuint)length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Run<V>(nuint i, nuint length)
        where V : struct, ISimdVector<V, T>
    {
        V mean = V.Create(m), scale = V.Create(a), shift = V.Create(s), slope = V.Create(k);
        ref T x = ref _x, dy = ref _dy, dx = ref _dx;
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            TStore.Put(scale * (V.Load(in dy, i) - shift - (V.Load(in x, i) - mean) * slope), ref dx, i);
        return i;
    }
}
