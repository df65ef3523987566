using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The first lanes of one vector, moved lane by lane, where no instruction masks memory access.</summary>
internal readonly unsafe struct StripPart<V, T> : IStrip<StripPart<V, T>, T>
    where V : unmanaged, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly V _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StripPart(V value) => _value = value;

    public static StripPart<V, T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart<V, T> Load(T* p, int lanes)
    {
        V value = default;
        for (int i = 0; i < lanes; i++)
            ((T*)&value)[i] = p[i];
        return new(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(StripPart<V, T> x, T* p, int lanes)
    {
        V value = x._value;
        for (int i = 0; i < lanes; i++)
            p[i] = ((T*)&value)[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart<V, T> FusedMultiplyAdd(T a, StripPart<V, T> b, StripPart<V, T> c) =>
        new(V.FusedMultiplyAdd(V.Create(a), b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart<V, T> Add(StripPart<V, T> a, StripPart<V, T> b) => new(a._value + b._value);
}
