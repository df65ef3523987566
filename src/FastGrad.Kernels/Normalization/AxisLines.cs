using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>Neighbouring lines of [outer, length, inner], one in each lane: element k of all of them is a vector.</summary>
/// <remarks>Each sum is one chain down the line, in order.</remarks>
internal readonly unsafe struct AxisLines<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _first;
    private readonly nuint _step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AxisLines(T* first, nuint step, int length)
    {
        _first = first;
        _step = step;
        Length = length;
    }

    /// <summary>The elements of a line.</summary>
    public int Length { get; }

    /// <summary>Element k of each line. Of what has one element for each line, that is element 0.</summary>
    public V this[int k]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Load(in *_first, (nuint)k * _step);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => V.Store(value, ref *_first, (nuint)k * _step);
    }

    /// <summary>Writes element k of each line, or adds to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put<TStore>(int k, V value)
        where TStore : struct, Elementwise.IStore => TStore.Put(value, ref *_first, (nuint)k * _step);

    /// <summary>The largest element; the first, where it is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Maximum()
    {
        V maximum = this[0];
        for (int k = 1; k < Length; k++)
            maximum = V.Max(this[k], maximum);
        return maximum;
    }

    /// <summary>Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Sum()
    {
        V sum = V.Create(T.Zero);
        for (int k = 0; k < Length; k++)
            sum += this[k];
        return sum;
    }

    /// <summary>Σ exp(x − shift).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SumOfExp(V shift)
    {
        V sum = V.Create(T.Zero);
        for (int k = 0; k < Length; k++)
            sum += Exp<T>.Of(this[k] - shift);
        return sum;
    }

    /// <summary>Σ x·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Dot(AxisLines<V, T> y)
    {
        V sum = V.Create(T.Zero);
        for (int k = 0; k < Length; k++)
            sum = V.FusedMultiplyAdd(this[k], y[k], sum);
        return sum;
    }
}
