using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>128 bits with 32 registers (AdvSimd): 8 × 3 vectors (8 × 12 float, 8 × 6 double).</summary>
internal readonly unsafe struct KernelSet128<T> : IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Simd128<T>.Count;

    public static int Rows => 8;

    public static int Vectors => 3;

    public static BlockSizes Blocks => typeof(T) == typeof(float) ? BlockSizes.Vector128Single : BlockSizes.Vector128Double;

    public static void Run(
        int rows, int vectors, nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias)
    {
        switch (rows, vectors)
        {
            case (8, 3): Tile8<Strip3<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (8, 2): Tile8<Strip2<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (8, 1): Tile8<Strip1<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (8, 0): Tile8<StripPart<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 3): Tile4<Strip3<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 2): Tile4<Strip2<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 1): Tile4<Strip1<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 0): Tile4<StripPart<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 3): Tile2<Strip3<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 2): Tile2<Strip2<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 1): Tile2<Strip1<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 0): Tile2<StripPart<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 3): Tile1<Strip3<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 2): Tile1<Strip2<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 1): Tile1<Strip1<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 0): Tile1<StripPart<Simd128<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), $"No tile of {rows} rows and {vectors} vectors.");
        }
    }
}
