using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The first lanes of one 512-bit vector: the last columns of a matrix, by masked access that touches nothing beyond them.</summary>
internal readonly unsafe struct StripPart512<T> : IStrip<StripPart512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StripPart512(Vector512<T> value) => _value = value;

    public static StripPart512<T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart512<T> Load(T* p, int lanes) => typeof(T) == typeof(float)
        ? new(Avx512F.MaskLoad((float*)p, Mask(lanes).AsSingle(), default).As<float, T>())
        : new(Avx512F.MaskLoad((double*)p, Mask(lanes).AsDouble(), default).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(StripPart512<T> x, T* p, int lanes)
    {
        if (typeof(T) == typeof(float))
            Avx512F.MaskStore((float*)p, Mask(lanes).AsSingle(), x._value.As<T, float>());
        else
            Avx512F.MaskStore((double*)p, Mask(lanes).AsDouble(), x._value.As<T, double>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart512<T> FusedMultiplyAdd(T a, StripPart512<T> b, StripPart512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(Vector512.Create(a).As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(Vector512.Create(a).As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart512<T> Add(StripPart512<T> a, StripPart512<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Mask(int lanes) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)).AsByte()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)lanes)).AsByte();
}
