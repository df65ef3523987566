namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Cache blocking of the packed path. Never a matter of bits, only of speed.</summary>
/// <param name="K">Steps of k between two visits to C: a strip of A (rows × K) stays in L1 while the tile runs over it, and the
/// reload of C is spread over K steps. More steps are cut into equal blocks of at most this many.</param>
/// <param name="M">Rows of A packed at once, whole tiles: M × K elements stay in L2 while every strip of B passes.</param>
/// <param name="N">Columns of B packed at once, whole tiles: K × N elements stay in the core's share of L3.</param>
internal readonly record struct BlockSizes(int K, int M, int N)
{
    //                                             strip of A   block of A   panel of B     (of 32 KiB L1, 1 MiB L2, 16 MiB L3 a core)
    public static BlockSizes Vector512Single => new(512, 192, 2304);   // 16 KiB      384 KiB      4.5 MiB
    public static BlockSizes Vector512Double => new(256, 144, 2304);   // 16 KiB      288 KiB      4.5 MiB
    public static BlockSizes Vector256Single => new(256, 144, 3072);   // 6 KiB       144 KiB      3 MiB     (L2 is 256-512 KiB on older AVX2 machines)
    public static BlockSizes Vector256Double => new(192, 96, 2048);    // 9 KiB       144 KiB      3 MiB
    public static BlockSizes Vector128Single => new(256, 128, 1536);   // 8 KiB       128 KiB      1.5 MiB
    public static BlockSizes Vector128Double => new(192, 96, 1020);    // 12 KiB      144 KiB      1.5 MiB
    public static BlockSizes OneLane => new(256, 64, 512);               // arithmetic dominates: any size does
}
