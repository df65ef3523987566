using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Four rows, for what the main tile leaves over, and for machines that emulate the fused multiply-add.</summary>
internal readonly unsafe struct Tile4<TStrip, T> : IMicroKernel<T>
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
        TStrip c0, c1, c2, c3;
        if (load)
        {
            c0 = TStrip.Load(c, lanes);
            c1 = TStrip.Load(c + cRow, lanes);
            c2 = TStrip.Load(c + 2 * cRow, lanes);
            c3 = TStrip.Load(c + 3 * cRow, lanes);
        }
        else
        {
            c0 = c1 = c2 = c3 = TStrip.Zero;
        }

        nint at = 0;
        for (; k > 0; k--)
        {
            TStrip row = TStrip.Load(b, lanes);
            c0 = TStrip.FusedMultiplyAdd(a[at], row, c0);
            c1 = TStrip.FusedMultiplyAdd(a1[at], row, c1);
            c2 = TStrip.FusedMultiplyAdd(a2[at], row, c2);
            c3 = TStrip.FusedMultiplyAdd(a3[at], row, c3);
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
        }
        TStrip.Store(c0, c, lanes);
        TStrip.Store(c1, c + cRow, lanes);
        TStrip.Store(c2, c + 2 * cRow, lanes);
        TStrip.Store(c3, c + 3 * cRow, lanes);
    }
}
