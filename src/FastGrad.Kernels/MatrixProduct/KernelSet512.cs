using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>AVX-512: 8 × 3 vectors (8 × 48 float, 8 × 24 double).</summary>
internal readonly unsafe struct KernelSet512<T> : IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Simd512<T>.Count;

    public static int Rows => 8;

    public static int Vectors => 3;

    public static BlockSizes Blocks => typeof(T) == typeof(float) ? BlockSizes.Vector512Single : BlockSizes.Vector512Double;

    /// <summary>The vectors of a row of <paramref name="columns"/> elements that is one tile's and has no rest; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Whole(int columns) => (columns & (Lanes - 1)) == 0 && columns <= Vectors * Lanes ? columns / Lanes : 0;

    public static void Run(
        int rows, int vectors, nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias)
    {
        switch (rows, vectors)
        {
            case (8, 3): Tile8<Strip3<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (8, 2): Tile8<Strip2<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (8, 1): Tile8<Strip1<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (8, 0): Tile8<StripPart512<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 3): Tile4<Strip3<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 2): Tile4<Strip2<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 1): Tile4<Strip1<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (4, 0): Tile4<StripPart512<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 3): Tile2<Strip3<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 2): Tile2<Strip2<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 1): Tile2<Strip1<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (2, 0): Tile2<StripPart512<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 3): Tile1<Strip3<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 2): Tile1<Strip2<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 1): Tile1<Strip1<Simd512<T>, T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            case (1, 0): Tile1<StripPart512<T>, T>.Run(k, a, aRow, aStep, b, bStep, c, cRow, lanes, load, bias); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), $"No tile of {rows} rows and {vectors} vectors.");
        }
    }
}
