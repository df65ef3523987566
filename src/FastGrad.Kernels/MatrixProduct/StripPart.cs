using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The first lanes of one vector: the last columns of a matrix, nothing beyond them read or written.</summary>
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
        if (typeof(V) == typeof(Simd512<T>) && Avx512F.IsSupported)
        {
            return new(Unsafe.BitCast<Vector512<T>, V>(typeof(T) == typeof(float)
                ? Avx512F.MaskLoad((float*)p, Mask512(lanes).AsSingle(), default).As<float, T>()
                : Avx512F.MaskLoad((double*)p, Mask512(lanes).AsDouble(), default).As<double, T>()));
        }
        if (typeof(V) == typeof(Simd256<T>) && Avx.IsSupported)
        {
            return new(Unsafe.BitCast<Vector256<T>, V>(typeof(T) == typeof(float)
                ? Avx.MaskLoad((float*)p, Mask256(lanes).AsSingle()).As<float, T>()
                : Avx.MaskLoad((double*)p, Mask256(lanes).AsDouble()).As<double, T>()));
        }
        V value = default;
        for (int i = 0; i < lanes; i++)
            ((T*)&value)[i] = p[i];
        return new(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(StripPart<V, T> x, T* p, int lanes)
    {
        if (typeof(V) == typeof(Simd512<T>) && Avx512F.IsSupported)
        {
            Vector512<T> value = Unsafe.BitCast<V, Vector512<T>>(x._value);
            if (typeof(T) == typeof(float))
                Avx512F.MaskStore((float*)p, Mask512(lanes).AsSingle(), value.As<T, float>());
            else
                Avx512F.MaskStore((double*)p, Mask512(lanes).AsDouble(), value.As<T, double>());
        }
        else if (typeof(V) == typeof(Simd256<T>) && Avx.IsSupported)
        {
            Vector256<T> value = Unsafe.BitCast<V, Vector256<T>>(x._value);
            if (typeof(T) == typeof(float))
                Avx.MaskStore((float*)p, Mask256(lanes).AsSingle(), value.As<T, float>());
            else
                Avx.MaskStore((double*)p, Mask256(lanes).AsDouble(), value.As<T, double>());
        }
        else
        {
            V value = x._value;
            for (int i = 0; i < lanes; i++)
                p[i] = ((T*)&value)[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Mask512(int lanes) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)).AsByte()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)lanes)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Mask256(int lanes) => typeof(T) == typeof(float)
        ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(lanes)).AsByte()
        : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)lanes)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart<V, T> FusedMultiplyAdd(T a, StripPart<V, T> b, StripPart<V, T> c) =>
        new(V.FusedMultiplyAdd(V.Create(a), b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StripPart<V, T> Add(StripPart<V, T> a, StripPart<V, T> b) => new(a._value + b._value);
}
