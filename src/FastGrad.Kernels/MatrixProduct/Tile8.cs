using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The main tile where 32 vector registers exist: 8 × 3 accumulators, 3 of B, one broadcast.</summary>
internal readonly unsafe struct Tile8<TStrip, T> : IMicroKernel<T>
    where TStrip : struct, IStrip<TStrip, T>
    where T : unmanaged
{
    // Named locals: the JIT keeps them in registers. An index loop over a buffer runs at less than half the speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias)
    {
        T* a1 = a + aRow;
        T* a2 = a1 + aRow;
        T* a3 = a2 + aRow;
        T* a4 = a3 + aRow;
        T* a5 = a4 + aRow;
        T* a6 = a5 + aRow;
        T* a7 = a6 + aRow;
        TStrip c0, c1, c2, c3, c4, c5, c6, c7;
        if (load)
        {
            c0 = TStrip.Load(c, lanes);
            c1 = TStrip.Load(c + cRow, lanes);
            c2 = TStrip.Load(c + 2 * cRow, lanes);
            c3 = TStrip.Load(c + 3 * cRow, lanes);
            c4 = TStrip.Load(c + 4 * cRow, lanes);
            c5 = TStrip.Load(c + 5 * cRow, lanes);
            c6 = TStrip.Load(c + 6 * cRow, lanes);
            c7 = TStrip.Load(c + 7 * cRow, lanes);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = TStrip.Zero;
            // Where C is not in the cache, its stores would hold up the next tile.
            CacheLines.Ask<TStrip, T>(c);
            CacheLines.Ask<TStrip, T>(c + cRow);
            CacheLines.Ask<TStrip, T>(c + 2 * cRow);
            CacheLines.Ask<TStrip, T>(c + 3 * cRow);
            CacheLines.Ask<TStrip, T>(c + 4 * cRow);
            CacheLines.Ask<TStrip, T>(c + 5 * cRow);
            CacheLines.Ask<TStrip, T>(c + 6 * cRow);
            CacheLines.Ask<TStrip, T>(c + 7 * cRow);
        }

        nint at = 0;
        for (; k > 0; k--)
        {
            TStrip row = TStrip.Load(b, lanes);
            c0 = TStrip.FusedMultiplyAdd(a[at], row, c0);
            c1 = TStrip.FusedMultiplyAdd(a1[at], row, c1);
            c2 = TStrip.FusedMultiplyAdd(a2[at], row, c2);
            c3 = TStrip.FusedMultiplyAdd(a3[at], row, c3);
            c4 = TStrip.FusedMultiplyAdd(a4[at], row, c4);
            c5 = TStrip.FusedMultiplyAdd(a5[at], row, c5);
            c6 = TStrip.FusedMultiplyAdd(a6[at], row, c6);
            c7 = TStrip.FusedMultiplyAdd(a7[at], row, c7);
            at += aStep;
            b += bStep;
        }

        if (bias != null)
        {
            TStrip row = TStrip.Load(bias, lanes);
            c0 = TStrip.Add(c0, row);
            c1 = TStrip.Add(c1, row);
            c2 = TStrip.Add(c2, row);
            c3 = TStrip.Add(c3, row);
            c4 = TStrip.Add(c4, row);
            c5 = TStrip.Add(c5, row);
            c6 = TStrip.Add(c6, row);
            c7 = TStrip.Add(c7, row);
        }
        TStrip.Store(c0, c, lanes);
        TStrip.Store(c1, c + cRow, lanes);
        TStrip.Store(c2, c + 2 * cRow, lanes);
        TStrip.Store(c3, c + 3 * cRow, lanes);
        TStrip.Store(c4, c + 4 * cRow, lanes);
        TStrip.Store(c5, c + 5 * cRow, lanes);
        TStrip.Store(c6, c + 6 * cRow, lanes);
        TStrip.Store(c7, c + 7 * cRow, lanes);
    }
}
