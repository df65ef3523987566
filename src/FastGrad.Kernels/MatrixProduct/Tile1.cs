using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>One row, for what the larger tiles leave over and for a vector times a matrix.</summary>
internal readonly unsafe struct Tile1<TStrip, T> : IMicroKernel<T>
    where TStrip : struct, IStrip<TStrip, T>
    where T : unmanaged
{
    public static int Rows => 1;

    public static int Columns => TStrip.Width;

    // Named locals, because the JIT keeps them in registers; an index loop over a buffer runs at less than half the speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, bool load, T* bias)
    {
        TStrip c0;
        if (load)
        {
            c0 = TStrip.Load(c);
        }
        else
        {
            c0 = TStrip.Zero;
        }

        nint at = 0;
        for (; k > 0; k--)
        {
            TStrip row = TStrip.Load(b);
            c0 = TStrip.FusedMultiplyAdd(a[at], row, c0);
            at += aStep;
            b += bStep;
        }

        if (bias != null)
        {
            TStrip row = TStrip.Load(bias);
            c0 = TStrip.Add(c0, row);
        }
        TStrip.Store(c0, c);
    }
}
