using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The loop of an epilogue over a block of C.</summary>
/// <remarks>
/// Reached by address, so that the loops of products are not compiled again for each epilogue. A pass over a tile in L1 costs a load and a store an
/// element, next to k multiply-adds.
/// </remarks>
internal static unsafe class Finish<TEpilogue, T>
    where TEpilogue : struct, IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Applies the epilogue to rows and columns from (row, column) on, which lie at c.</summary>
    public static void Run(void* epilogue, int row, int rows, int column, int columns, T* c, nint cRow)
    {
        Block loop = default;
        (loop.Row, loop.Rows, loop.Column, loop.Stride) = (row, rows, column, cRow);
        loop.Epilogue = epilogue;
        loop.C = c;
        Ladder.Descend<Block, T>(ref loop, (nuint)columns);
    }

    private struct Block : ILoop<T>
    {
        public void* Epilogue;
        public int Row, Rows, Column;
        public T* C;
        public nint Stride;

        // All rows at once: the constants of a long function are set up once for a tile, not once for the few vectors of a row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
        {
            TEpilogue epilogue = Unsafe.Read<TEpilogue>(Epilogue);
            nuint end = i + (length - i) / (nuint)V.Count * (nuint)V.Count;
            T* c = C;
            int last = Row + Rows;
            for (int row = Row; row < last; row++, c += Stride)
            {
                for (nuint j = i; j < end; j += (nuint)V.Count)
                    V.Store(epilogue.Apply(V.Load(in *c, j), row, Column + (int)j), ref *c, j);
            }
            return end;
        }
    }
}
