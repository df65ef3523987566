using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>What depends on the width of a strip of lanes: its first lanes alone, and its folding.</summary>
internal static unsafe class LaneStrip<TStrip, T>
    where TStrip : unmanaged, ILaneStrip<TStrip, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The first <paramref name="lanes"/> lanes, then zeros; nothing beyond them is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TStrip LoadFirst(T* p, int lanes)
    {
        if (typeof(TStrip) == typeof(Strip1<Simd512<T>, T>))
        {
            Vector512<T> vector = typeof(T) == typeof(float)
                ? Avx512F.MaskLoad((float*)p, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)).AsSingle(), default).As<float, T>()
                : Avx512F.MaskLoad((double*)p, Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)lanes)).AsDouble(), default).As<double, T>();
            return Unsafe.BitCast<Vector512<T>, TStrip>(vector);
        }
        if (typeof(TStrip) == typeof(Strip2<Simd256<T>, T>))
        {
            // A mask of nothing reads nothing, wherever the address points.
            int half = Vector256<T>.Count;
            return Unsafe.BitCast<Strip2<Simd256<T>, T>, TStrip>(new(new(Half(p, lanes)), new(Half(p + half, lanes - half))));
        }
        return Copied(p, lanes);
    }

    /// <summary>The lanes folded twice: lane l and lane l + L/2, then l and l + L/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Quarter(TStrip strip)
    {
        if (typeof(TStrip) == typeof(Strip1<Simd512<T>, T>))
        {
            Vector512<T> all = Unsafe.BitCast<TStrip, Vector512<T>>(strip);
            Vector256<T> half = all.GetLower() + all.GetUpper();
            return half.GetLower() + half.GetUpper();
        }
        if (typeof(TStrip) == typeof(Strip2<Simd256<T>, T>))
        {
            var halves = Unsafe.BitCast<TStrip, Strip2<Simd256<T>, T>>(strip);
            Vector256<T> half = halves.First.Value + halves.Second.Value;
            return half.GetLower() + half.GetUpper();
        }
        var quarters = Unsafe.BitCast<TStrip, Strip4<Simd128<T>, T>>(strip);
        return (quarters.First.Value + quarters.Third.Value) + (quarters.Second.Value + quarters.Fourth.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Half(T* p, int lanes) => typeof(T) == typeof(float)
        ? Avx.MaskLoad((float*)p, Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(lanes)).AsSingle()).As<float, T>()
        : Avx.MaskLoad((double*)p, Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)lanes)).AsDouble()).As<double, T>();

    private static TStrip Copied(T* p, int lanes)
    {
        T* all = stackalloc T[DotProducts<T>.Lanes];
        new Span<T>(all, DotProducts<T>.Lanes).Clear();
        for (int i = 0; i < lanes; i++)
            all[i] = p[i];
        return TStrip.Load(all);
    }
}
