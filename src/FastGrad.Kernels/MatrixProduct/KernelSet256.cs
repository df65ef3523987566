using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>AVX2 with FMA: 6 × 2 vectors (6 × 16 float, 6 × 8 double).</summary>
internal readonly unsafe struct KernelSet256<T> : IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Simd256<T>.Count;

    public static int Rows => 6;

    public static int Vectors => 2;

    public static BlockSizes Blocks => typeof(T) == typeof(float) ? BlockSizes.Vector256Single : BlockSizes.Vector256Double;

    public static void Run(
        int rows, int vectors, nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias)
    {
        switch (rows, vectors)
        {
            case (6, 2): Tile6<Strip2<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (6, 1): Tile6<Strip1<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (6, 0): Tile6<StripPart256<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 2): Tile4<Strip2<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 1): Tile4<Strip1<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 0): Tile4<StripPart256<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 2): Tile2<Strip2<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 1): Tile2<Strip1<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 0): Tile2<StripPart256<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 2): Tile1<Strip2<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 1): Tile1<Strip1<Simd256<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 0): Tile1<StripPart256<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), $"No tile of {rows} rows and {vectors} vectors.");
        }
    }
}
