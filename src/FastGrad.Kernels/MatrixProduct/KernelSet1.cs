using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>One lane at a time, for machines without vectors.</summary>
internal readonly unsafe struct KernelSet1<T> : IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Lane<T>.Count;

    public static int Rows => 4;

    public static int Vectors => 1;

    public static BlockSizes Blocks => BlockSizes.OneLane;

    public static void Run(
        int rows, int vectors, nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias)
    {
        switch (rows, vectors)
        {
            case (4, 1): Tile4<Strip1<Lane<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 1): Tile2<Strip1<Lane<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 1): Tile1<Strip1<Lane<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), $"No tile of {rows} rows and {vectors} vectors.");
        }
    }
}
