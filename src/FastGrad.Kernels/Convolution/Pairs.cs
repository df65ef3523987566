using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.Convolution;

/// <summary>Even and odd columns of a row, and a row of both. Moves bits only.</summary>
internal static unsafe class Pairs
{
    /// <summary>even[i] = from[2i], odd[i] = from[2i + 1]; the count is a multiple of 16.</summary>
    public static void Part<T>(T* from, T* even, T* odd, int count)
        where T : unmanaged
    {
        int i = 0;
        if (sizeof(T) == sizeof(float) && Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            Vector512<int> low = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), high = low + Vector512<int>.One;
            for (; i + 16 <= count; i += 16)
            {
                Vector512<int> a = Vector512.Load((int*)(from + 2 * i)), b = Vector512.Load((int*)(from + 2 * i + 16));
                Avx512F.PermuteVar16x32x2(a, low, b).Store((int*)(even + i));
                Avx512F.PermuteVar16x32x2(a, high, b).Store((int*)(odd + i));
            }
        }
        else if (sizeof(T) == sizeof(float) && Avx2.IsSupported)
        {
            Vector256<int> order = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
            for (; i + 8 <= count; i += 8)
            {
                Vector256<int> a = Avx2.PermuteVar8x32(Vector256.Load((int*)(from + 2 * i)), order), b = Avx2.PermuteVar8x32(Vector256.Load((int*)(from + 2 * i + 8)), order);
                Vector256.Create(a.GetLower(), b.GetLower()).Store((int*)(even + i));
                Vector256.Create(a.GetUpper(), b.GetUpper()).Store((int*)(odd + i));
            }
        }
        for (; i < count; i++)
            (even[i], odd[i]) = (from[2 * i], from[2 * i + 1]);
    }

    /// <summary>to[2i] = even[i], to[2i + 1] = odd[i]; the count is a multiple of 16.</summary>
    public static void Join<T>(T* even, T* odd, T* to, int count)
        where T : unmanaged
    {
        int i = 0;
        if (sizeof(T) == sizeof(float) && Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), high = low + Vector512.Create(8);
            for (; i + 16 <= count; i += 16)
            {
                Vector512<int> a = Vector512.Load((int*)(even + i)), b = Vector512.Load((int*)(odd + i));
                Avx512F.PermuteVar16x32x2(a, low, b).Store((int*)(to + 2 * i));
                Avx512F.PermuteVar16x32x2(a, high, b).Store((int*)(to + 2 * i + 16));
            }
        }
        else if (sizeof(T) == sizeof(float) && Avx.IsSupported)
        {
            for (; i + 8 <= count; i += 8)
            {
                Vector256<float> a = Vector256.Load((float*)(even + i)), b = Vector256.Load((float*)(odd + i));
                Vector256<float> low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b);
                Vector256.Create(low.GetLower(), high.GetLower()).Store((float*)(to + 2 * i));
                Vector256.Create(low.GetUpper(), high.GetUpper()).Store((float*)(to + 2 * i + 8));
            }
        }
        for (; i < count; i++)
            (to[2 * i], to[2 * i + 1]) = (even[i], odd[i]);
    }
}
