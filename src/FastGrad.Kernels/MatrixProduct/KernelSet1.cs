using System.Numerics;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>One lane at a time, for machines without vectors.</summary>
internal readonly unsafe struct KernelSet1<T> : IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => 1;

    public static int Rows => 4;

    public static int Vectors => 1;

    public static BlockSizes Blocks => BlockSizes.One;

    public static void Run(int rows, int vectors, nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, bool load, T* bias)
    {
        if (rows == 4)
            Tile4<Strip1<Wide1<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, load, bias);
        else
            Tile1<Strip1<Wide1<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, load, bias);
    }
}
