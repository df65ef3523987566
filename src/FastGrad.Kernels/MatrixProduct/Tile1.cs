using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>One row, for what the larger tiles leave over and for a vector times a matrix.</summary>
internal readonly unsafe struct Tile1<TStrip, T> : IMicroKernel<T>
    where TStrip : struct, IStrip<TStrip, T>
    where T : unmanaged
{
    // Named locals: the JIT keeps them in registers. An index loop over a buffer runs at less than half the speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias)
    {
        TStrip c0 = load ? TStrip.Load(c, lanes) : TStrip.Zero;

        nint at = 0;
        for (; k > 0; k--)
        {
            TStrip row = TStrip.Load(b, lanes);
            c0 = TStrip.FusedMultiplyAdd(a[at], row, c0);
            at += aStep;
            b += bStep;
        }

        if (bias != null)
        {
            TStrip row = TStrip.Load(bias, lanes);
            c0 = TStrip.Add(c0, row);
        }
        TStrip.Store(c0, c, lanes);
    }
}
