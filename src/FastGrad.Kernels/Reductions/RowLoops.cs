using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>How the terms of a reduction are read.</summary>
internal static class Term<TReduction, T>
    where TReduction : struct, IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(ref TReduction reduction, ref T x, ref T y, nuint i)
        where V : struct, ISimdVector<V, T> => reduction.Term(V.Load(in x, i), TReduction.ReadsSecond ? V.Load(in y, i) : default);
}

/// <summary>result = t(x): the terms of a row.</summary>
internal readonly ref struct Terms<TReduction, T>(TReduction reduction, ref T x, ref T y, ref T result) : ILoop<T>
    where TReduction : struct, IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TReduction _reduction = reduction;
    private readonly ref T _x = ref x;
    private readonly ref T _y = ref y;
    private readonly ref T _result = ref result;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Run<V>(nuint i, nuint length)
        where V : struct, ISimdVector<V, T>
    {
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            V.Store(Term<TReduction, T>.At<V>(ref Unsafe.AsRef(in _reduction), ref _x, ref _y, i), ref _result, i);
        return i;
    }
}

/// <summary>result = result ⊕ t(x): one more element of each chain.</summary>
internal readonly ref struct Link<TReduction, T>(TReduction reduction, ref T x, ref T y, ref T result) : ILoop<T>
    where TReduction : struct, IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TReduction _reduction = reduction;
    private readonly ref T _x = ref x;
    private readonly ref T _y = ref y;
    private readonly ref T _result = ref result;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Run<V>(nuint i, nuint length)
        where V : struct, ISimdVector<V, T>
    {
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            V.Store(_reduction.Combine(V.Load(in _result, i), Term<TReduction, T>.At<V>(ref Unsafe.AsRef(in _reduction), ref _x, ref _y, i)), ref _result, i);
        return i;
    }
}

/// <summary>result = left ⊕ right: two rows of partial results; the result may be either row.</summary>
internal readonly ref struct Pairs<TReduction, T>(TReduction reduction, ref T left, ref T right, ref T result) : ILoop<T>
    where TReduction : struct, IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TReduction _reduction = reduction;
    private readonly ref T _left = ref left;
    private readonly ref T _right = ref right;
    private readonly ref T _result = ref result;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Run<V>(nuint i, nuint length)
        where V : struct, ISimdVector<V, T>
    {
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            V.Store(_reduction.Combine(V.Load(in _left, i), V.Load(in _right, i)), ref _result, i);
        return i;
    }
}
