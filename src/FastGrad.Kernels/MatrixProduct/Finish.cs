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
        Row loop = default;
        loop.Epilogue = epilogue;
        loop.First = column;
        for (loop.Index = row; loop.Index < row + rows; loop.Index++, c += cRow)
        {
            loop.C = c;
            Ladder.Descend<Row, T>(ref loop, (nuint)columns);
        }
    }

    private struct Row : ILoop<T>
    {
        public void* Epilogue;
        public int Index, First;
        public T* C;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
        {
            TEpilogue epilogue = Unsafe.Read<TEpilogue>(Epilogue);
            T* c = C;
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
                V.Store(epilogue.Apply(V.Load(in *c, i), Index, First + (int)i), ref *c, i);
            return i;
        }
    }
}
