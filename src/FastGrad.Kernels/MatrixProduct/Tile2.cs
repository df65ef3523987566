using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Two rows, for what the larger tiles leave over.</summary>
internal readonly unsafe struct Tile2<TStrip, T> : IMicroKernel<T>
    where TStrip : struct, IStrip<TStrip, T>
    where T : unmanaged
{
    // Named locals: the JIT keeps them in registers. An index loop over a buffer runs at less than half the speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias)
    {
        T* a1 = a + aRow;
        TStrip c0, c1;
        if (load)
        {
            c0 = TStrip.Load(c, lanes);
            c1 = TStrip.Load(c + cRow, lanes);
        }
        else
        {
            c0 = c1 = TStrip.Zero;
        }

        nint at = 0;
        for (; k > 0; k--)
        {
            TStrip row = TStrip.Load(b, lanes);
            c0 = TStrip.FusedMultiplyAdd(a[at], row, c0);
            c1 = TStrip.FusedMultiplyAdd(a1[at], row, c1);
            at += aStep;
            b += bStep;
        }

        if (bias != null)
        {
            TStrip row = TStrip.Load(bias, lanes);
            c0 = TStrip.Add(c0, row);
            c1 = TStrip.Add(c1, row);
        }
        TStrip.Store(c0, c, lanes);
        TStrip.Store(c1, c + cRow, lanes);
    }
}
