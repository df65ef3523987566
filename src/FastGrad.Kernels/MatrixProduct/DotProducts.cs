using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Products of lines along k: one dot product an element of C, in 16 lanes of float or 8 of double.</summary>
/// <remarks>
/// <para>Lane l is the chain of fused multiply-adds over k = l, l + L, l + 2L, …, from 0; k goes to the next multiple of L, with zeros in
/// both factors. Then halves are added: lane l and lane l + L/2, l and
/// l + L/4, down to one sum, which is the element, or is added to it. This is the one product that is not a chain over all k: where both
/// factors lie along k, a chain would take one element at a time, or a transposition, for one multiply-add an element or, with few columns, for some.</para>
/// <para>It is taken by form and shape of the whole product (<see cref="Takes"/>), before any cut, so the bits are the same everywhere.</para>
/// </remarks>
internal static unsafe class DotProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Lanes of a dot product.</summary>
    public static int Lanes => 64 / sizeof(T);

    /// <summary>
    /// Whether a product is one of these: one row of C and B stored by columns, one column of C and A stored by rows, or, where both factors lie along k,
    /// at most L columns with at least 4·L steps.
    /// </summary>
    public static bool Takes(MatrixForm form, int m, int n, int k) =>
        (m == 1 && form is MatrixForm.NT or MatrixForm.TT) || (n == 1 && form is MatrixForm.NN or MatrixForm.NT)
        || (form == MatrixForm.NT && n <= Lanes && k >= 4 * Lanes);

    public static void Multiply(in Product<T> p)
    {
        if (p.M == 1 && p.BStep == 1)
            Lines(p.K, p.A, p.AStep, p.B, p.BColumn, p.N, p.C, 1, p.Accumulate);
        else if (p.N == 1)
            Lines(p.K, p.B, p.BStep, p.A, p.ARow, p.M, p.C, p.CRow, p.Accumulate);
        else if (Isa.Has512 && typeof(T) == typeof(float))
            DotTiles.Multiply(Unsafe.As<Product<T>, Product<float>>(ref Unsafe.AsRef(in p)));
        else if (Isa.Has256 && typeof(T) == typeof(float))
            DotTiles256.Multiply(Unsafe.As<Product<T>, Product<float>>(ref Unsafe.AsRef(in p)));
        else
            for (int i = 0; i < p.M; i++)
                Lines(p.K, p.A + i * p.ARow, 1, p.B, p.BColumn, p.N, p.C + i * p.CRow, 1, p.Accumulate);
    }

    private static void Lines(int k, T* x, nint xStep, T* lines, nint line, int count, T* c, nint cStep, bool accumulate)
    {
        if (xStep != 1)
        {
            T* copy = Scratch.A<T>(k);
            for (int i = 0; i < k; i++)
                copy[i] = x[i * xStep];
            x = copy;
        }
        T* sums = stackalloc T[4];
        for (int j = 0; j < count; j += 4, lines += 4 * line)
        {
            int rows = Math.Min(4, count - j);
            if (Isa.Has512)
                FourLines<Strip1<Simd512<T>, T>>(k, x, lines, line, rows, sums);
            else if (Isa.Has256)
                FourLines<Strip2<Simd256<T>, T>>(k, x, lines, line, rows, sums);
            else if (Zip.IsSupported)
                FourLines<Strip4<Simd128<T>, T>>(k, x, lines, line, rows, sums);
            else
                EachLane(k, x, lines, line, rows, sums);
            for (int i = 0; i < rows; i++)
            {
                T* at = c + (j + i) * cStep;
                *at = accumulate ? *at + sums[i] : sums[i];
            }
        }
    }

    /// <summary>The lanes of up to four lines, enough chains to hide the latency, and x is read once for four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void FourLines<TStrip>(nint k, T* x, T* line0, nint line, int rows, T* sums)
        where TStrip : unmanaged, ILaneStrip<TStrip, T>
    {
        // Of fewer lines the last is done again, for nothing.
        T* line1 = rows > 1 ? line0 + line : line0, line2 = rows > 2 ? line1 + line : line1, line3 = rows > 3 ? line2 + line : line2;
        TStrip c0 = TStrip.Zero, c1 = TStrip.Zero, c2 = TStrip.Zero, c3 = TStrip.Zero;
        int lanes = Lanes;
        nint i = 0;
        for (; i + lanes <= k; i += lanes)
        {
            TStrip factor = TStrip.Load(x + i);
            c0 = TStrip.FusedMultiplyAdd(factor, TStrip.Load(line0 + i), c0);
            c1 = TStrip.FusedMultiplyAdd(factor, TStrip.Load(line1 + i), c1);
            c2 = TStrip.FusedMultiplyAdd(factor, TStrip.Load(line2 + i), c2);
            c3 = TStrip.FusedMultiplyAdd(factor, TStrip.Load(line3 + i), c3);
        }
        if (i < k)
        {
            int left = (int)(k - i);
            TStrip factor = LaneStrip<TStrip, T>.LoadFirst(x + i, left);
            c0 = TStrip.FusedMultiplyAdd(factor, LaneStrip<TStrip, T>.LoadFirst(line0 + i, left), c0);
            c1 = TStrip.FusedMultiplyAdd(factor, LaneStrip<TStrip, T>.LoadFirst(line1 + i, left), c1);
            c2 = TStrip.FusedMultiplyAdd(factor, LaneStrip<TStrip, T>.LoadFirst(line2 + i, left), c2);
            c3 = TStrip.FusedMultiplyAdd(factor, LaneStrip<TStrip, T>.LoadFirst(line3 + i, left), c3);
        }
        Fold(LaneStrip<TStrip, T>.Quarter(c0), LaneStrip<TStrip, T>.Quarter(c1), LaneStrip<TStrip, T>.Quarter(c2), LaneStrip<TStrip, T>.Quarter(c3), sums);
    }

    private static void EachLane(int k, T* x, T* lines, nint line, int rows, T* sums)
    {
        T* lanes = stackalloc T[Lanes];
        int steps = (k + Lanes - 1) / Lanes * Lanes;
        for (int i = 0; i < rows; i++, lines += line)
        {
            new Span<T>(lanes, Lanes).Clear();
            for (int l = 0; l < steps; l++)
                lanes[l % Lanes] = T.FusedMultiplyAdd(l < k ? x[l] : T.Zero, l < k ? lines[l] : T.Zero, lanes[l % Lanes]);
            for (int half = Lanes / 2; half > 0; half /= 2)
                for (int l = 0; l < half; l++)
                    lanes[l] += lanes[l + half];
            sums[i] = lanes[0];
        }
    }

    /// <summary>The sums of the lanes of four lines from what two foldings left of them, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d, T* sums)
    {
        if (sizeof(T) == sizeof(double))
        {
            (Zip.Low(a.AsDouble(), b.AsDouble()) + Zip.High(a.AsDouble(), b.AsDouble())).Store((double*)sums);
            (Zip.Low(c.AsDouble(), d.AsDouble()) + Zip.High(c.AsDouble(), d.AsDouble())).Store((double*)sums + 2);
            return;
        }
        Vector128<double> abLow = Zip.Low(a.AsSingle(), b.AsSingle()).AsDouble(), abHigh = Zip.High(a.AsSingle(), b.AsSingle()).AsDouble();
        Vector128<double> cdLow = Zip.Low(c.AsSingle(), d.AsSingle()).AsDouble(), cdHigh = Zip.High(c.AsSingle(), d.AsSingle()).AsDouble();
        Vector128<float> even = Zip.Low(abLow, cdLow).AsSingle() + Zip.Low(abHigh, cdHigh).AsSingle(); // lanes 0 and 2
        Vector128<float> odd = Zip.High(abLow, cdLow).AsSingle() + Zip.High(abHigh, cdHigh).AsSingle(); // lanes 1 and 3
        (even + odd).Store((float*)sums);
    }
}
