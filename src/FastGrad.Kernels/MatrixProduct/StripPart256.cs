using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The first lanes of one 256-bit vector: the last columns of a matrix, by masked access that touches nothing beyond them.</summary>
internal readonly unsafe struct StripPart256<T> : IStrip<StripPart256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StripPart256(Vector256<T> value) => _value = value;

    public static StripPart256<T> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart256<T> Load(T* p, int lanes) => typeof(T) == typeof(float)
        ? new(Avx.MaskLoad((float*)p, Mask(lanes).AsSingle()).As<float, T>())
        : new(Avx.MaskLoad((double*)p, Mask(lanes).AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(StripPart256<T> x, T* p, int lanes)
    {
        if (typeof(T) == typeof(float))
            Avx.MaskStore((float*)p, Mask(lanes).AsSingle(), x._value.As<T, float>());
        else
            Avx.MaskStore((double*)p, Mask(lanes).AsDouble(), x._value.As<T, double>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart256<T> FusedMultiplyAdd(T a, StripPart256<T> b, StripPart256<T> c) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(Vector256.Create(a).As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(Vector256.Create(a).As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart256<T> Add(StripPart256<T> a, StripPart256<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Mask(int lanes) => typeof(T) == typeof(float)
        ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(lanes)).AsByte()
        : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)lanes)).AsByte();
}
