using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Dot products of three columns of B with four rows of A, on AVX2: twelve sums in registers, first their lanes 0 to 7, then 8 to 15.</summary>
/// <remarks>With all sixteen lanes at once, half as many sums would fit the registers, and loads would decide.</remarks>
internal static unsafe class DotTiles256
{
    private const int Lanes = 16, Half = 8, Sums = 12;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in Product<float> p)
    {
        float* low = stackalloc float[Sums * Half];
        float* high = stackalloc float[Sums * Half];
        for (int i = 0; i < p.M; i += 4)
        {
            int rows = Math.Min(4, p.M - i);
            for (int j = 0; j < p.N; j += 3)
            {
                int columns = Math.Min(3, p.N - j);
                float* a = p.A + i * p.ARow, b = p.B + j * p.BColumn;
                Walk(p.K, 0, b, p.BColumn, columns, a, p.ARow, rows, low);
                Walk(p.K, Half, b, p.BColumn, columns, a, p.ARow, rows, high);
                for (int r = 0; r < rows; r++)
                {
                    for (int c = 0; c < columns; c++)
                    {
                        float* at = p.C + (i + r) * p.CRow + j + c;
                        float sum = Fold(low + (3 * r + c) * Half, high + (3 * r + c) * Half);
                        *at = p.Accumulate ? *at + sum : sum;
                    }
                }
            }
        }
    }

    /// <summary>Eight of the sixteen lanes of twelve sums, from step <paramref name="start"/> of each sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Walk(nint k, nint start, float* b, nint bColumn, int columns, float* a, nint aRow, int rows, float* lanes)
    {
        // Of fewer lines the last is done again, for nothing.
        float* b1 = columns > 1 ? b + bColumn : b, b2 = columns > 2 ? b1 + bColumn : b1;
        float* a1 = rows > 1 ? a + aRow : a, a2 = rows > 2 ? a1 + aRow : a1, a3 = rows > 3 ? a2 + aRow : a2;
        Trio s0 = default, s1 = default, s2 = default, s3 = default;
        nint i = start;
        for (; i + Half <= k; i += Lanes)
        {
            Vector256<float> y0 = Vector256.Load(b + i), y1 = Vector256.Load(b1 + i), y2 = Vector256.Load(b2 + i);
            s0 = s0.Step(Vector256.Load(a + i), y0, y1, y2);
            s1 = s1.Step(Vector256.Load(a1 + i), y0, y1, y2);
            s2 = s2.Step(Vector256.Load(a2 + i), y0, y1, y2);
            s3 = s3.Step(Vector256.Load(a3 + i), y0, y1, y2);
        }
        // A step that is not whole has zeros in both factors, in all lanes that it has not, these eight included.
        if (i < (k + Lanes - 1) / Lanes * Lanes)
        {
            Vector256<float> mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)(k - i))).AsSingle();
            Vector256<float> y0 = Avx.MaskLoad(b + i, mask), y1 = Avx.MaskLoad(b1 + i, mask), y2 = Avx.MaskLoad(b2 + i, mask);
            s0 = s0.Step(Avx.MaskLoad(a + i, mask), y0, y1, y2);
            s1 = s1.Step(Avx.MaskLoad(a1 + i, mask), y0, y1, y2);
            s2 = s2.Step(Avx.MaskLoad(a2 + i, mask), y0, y1, y2);
            s3 = s3.Step(Avx.MaskLoad(a3 + i, mask), y0, y1, y2);
        }
        s0.Store(lanes);
        s1.Store(lanes + 3 * Half);
        s2.Store(lanes + 6 * Half);
        s3.Store(lanes + 9 * Half);
    }

    /// <summary>Lanes l and l + 8 added, l and l + 4, l and l + 2, l and l + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(float* low, float* high)
    {
        Vector256<float> eight = Vector256.Load(low) + Vector256.Load(high);
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        Vector128<float> two = four + Sse.MoveHighToLow(four, four);
        return two.ToScalar() + two.GetElement(1);
    }
}
