using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Dot products of four, two or one columns of B with four rows of A, on AVX-512: sixteen sums in registers, eight loads for sixteen steps.</summary>
/// <remarks>
/// Sums are folded together, so that four of them cost fourteen instructions, and come out as rows of C. With sixteen registers
/// <see cref="DotTiles256"/> has the same bits; without AVX2, and in double, <see cref="DotProducts{T}"/> goes line by line.
/// </remarks>
internal static unsafe class DotTiles
{
    private const int Lanes = 16;

    public static void Multiply(in Product<float> p)
    {
        for (int i = 0; i < p.M; i += 4)
        {
            int rows = Math.Min(4, p.M - i);
            float* a = p.A + i * p.ARow, c = p.C + i * p.CRow, b = p.B;
            for (int left = p.N; left > 0;)
            {
                int columns = left >= 4 ? 4 : left >= 2 ? 2 : 1;
                if (columns == 4)
                    Four(p.K, b, p.BColumn, a, p.ARow, rows, c, p.CRow, p.Accumulate);
                else if (columns == 2)
                    Two(p.K, b, p.BColumn, a, p.ARow, rows, c, p.CRow, p.Accumulate);
                else
                    One(p.K, b, a, p.ARow, rows, c, p.CRow, p.Accumulate);
                b += columns * p.BColumn;
                c += columns;
                left -= columns;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four(nint k, float* b, nint bColumn, float* a, nint aRow, int rows, float* c, nint cRow, bool accumulate)
    {
        float* b1 = b + bColumn, b2 = b1 + bColumn, b3 = b2 + bColumn;
        // Of fewer rows the last is done again, for nothing.
        float* a1 = rows > 1 ? a + aRow : a, a2 = rows > 2 ? a1 + aRow : a1, a3 = rows > 3 ? a2 + aRow : a2;
        Quad s0 = default, s1 = default, s2 = default, s3 = default;
        nint i = 0;
        for (; i + Lanes <= k; i += Lanes)
        {
            Vector512<float> y0 = Vector512.Load(a + i), y1 = Vector512.Load(a1 + i), y2 = Vector512.Load(a2 + i), y3 = Vector512.Load(a3 + i);
            s0 = s0.Step(Vector512.Load(b + i), y0, y1, y2, y3);
            s1 = s1.Step(Vector512.Load(b1 + i), y0, y1, y2, y3);
            s2 = s2.Step(Vector512.Load(b2 + i), y0, y1, y2, y3);
            s3 = s3.Step(Vector512.Load(b3 + i), y0, y1, y2, y3);
        }
        if (i < k)
        {
            Vector512<float> mask = First(k - i);
            Vector512<float> y0 = Load(a + i, mask), y1 = Load(a1 + i, mask), y2 = Load(a2 + i, mask), y3 = Load(a3 + i, mask);
            s0 = s0.Step(Load(b + i, mask), y0, y1, y2, y3);
            s1 = s1.Step(Load(b1 + i, mask), y0, y1, y2, y3);
            s2 = s2.Step(Load(b2 + i, mask), y0, y1, y2, y3);
            s3 = s3.Step(Load(b3 + i, mask), y0, y1, y2, y3);
        }
        Vector512<float> left = Halves(s0.Fold(), s1.Fold()), right = Halves(s2.Fold(), s3.Fold());
        Vector512<float> sums = Avx512F.Add(
            Avx512F.UnpackLow(left.AsDouble(), right.AsDouble()).AsSingle(), Avx512F.UnpackHigh(left.AsDouble(), right.AsDouble()).AsSingle());
        Put(sums.GetLower().GetLower(), c, accumulate);
        if (rows > 1)
            Put(sums.GetLower().GetUpper(), c + cRow, accumulate);
        if (rows > 2)
            Put(sums.GetUpper().GetLower(), c + 2 * cRow, accumulate);
        if (rows > 3)
            Put(sums.GetUpper().GetUpper(), c + 3 * cRow, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Two(nint k, float* b, nint bColumn, float* a, nint aRow, int rows, float* c, nint cRow, bool accumulate)
    {
        float* b1 = b + bColumn, a1 = rows > 1 ? a + aRow : a, a2 = rows > 2 ? a1 + aRow : a1, a3 = rows > 3 ? a2 + aRow : a2;
        Quad s0 = default, s1 = default;
        nint i = 0;
        for (; i + Lanes <= k; i += Lanes)
        {
            Vector512<float> y0 = Vector512.Load(a + i), y1 = Vector512.Load(a1 + i), y2 = Vector512.Load(a2 + i), y3 = Vector512.Load(a3 + i);
            s0 = s0.Step(Vector512.Load(b + i), y0, y1, y2, y3);
            s1 = s1.Step(Vector512.Load(b1 + i), y0, y1, y2, y3);
        }
        if (i < k)
        {
            Vector512<float> mask = First(k - i);
            Vector512<float> y0 = Load(a + i, mask), y1 = Load(a1 + i, mask), y2 = Load(a2 + i, mask), y3 = Load(a3 + i, mask);
            s0 = s0.Step(Load(b + i, mask), y0, y1, y2, y3);
            s1 = s1.Step(Load(b1 + i, mask), y0, y1, y2, y3);
        }
        Vector512<float> halves = Halves(s0.Fold(), s1.Fold());
        Vector512<double> sums = Avx512F.Add(halves, Avx512F.Permute2x64(halves.AsDouble(), 0x55).AsSingle()).AsDouble();
        Put(sums.GetLower().GetLower(), c, accumulate);
        if (rows > 1)
            Put(sums.GetLower().GetUpper(), c + cRow, accumulate);
        if (rows > 2)
            Put(sums.GetUpper().GetLower(), c + 2 * cRow, accumulate);
        if (rows > 3)
            Put(sums.GetUpper().GetUpper(), c + 3 * cRow, accumulate);
    }

    private static void One(nint k, float* b, float* a, nint aRow, int rows, float* c, nint cRow, bool accumulate)
    {
        float* sums = stackalloc float[4];
        DotProducts<float>.FourLines<Strip1<Simd.Simd512<float>, float>>(k, b, a, aRow, rows, sums);
        for (int i = 0; i < rows; i++)
            c[i * cRow] = accumulate ? c[i * cRow] + sums[i] : sums[i];
    }

    /// <summary>Lanes l and l + 2 added in each quarter: the two of x between the two of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves(Vector512<float> x, Vector512<float> y) => Avx512F.Add(Avx512F.UnpackLow(x, y), Avx512F.UnpackHigh(x, y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<float> sums, float* c, bool accumulate) => (accumulate ? Vector128.Load(c) + sums : sums).Store(c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<double> sums, float* c, bool accumulate)
    {
        Vector128<float> pair = accumulate ? Vector128.CreateScalarUnsafe(*(double*)c).AsSingle() + sums.AsSingle() : sums.AsSingle();
        *(double*)c = pair.AsDouble().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First(nint lanes) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)lanes)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* p, Vector512<float> mask) => Avx512F.MaskLoad(p, mask, default);
}
