namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The loops around the tiles, written once for all instruction sets.</summary>
/// <remarks>
/// Each element of C is one chain of fused multiply-adds over k = 0 … K − 1, whatever path is taken: a tile continues the chain
/// from C, so blocking, packing and the order of tiles change no bit. A split of k for skinny shapes would be decided in
/// <see cref="Multiply"/>, from M, N and K of the whole product, before it is cut for threads.
/// </remarks>
internal static unsafe class GemmLoops<TKernels, T>
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged
{
    /// <summary>Columns of the main tile.</summary>
    private static int Width => TKernels.Vectors * TKernels.Lanes;

    public static void Multiply(in Product<T> p)
    {
        if (p.M == 0 || p.N == 0)
            return;
        if (p.BColumn == 1 && PackingCostsMore(p))
            Direct(p);
        else
            Packed(p);
    }

    /// <summary>
    /// Packing pays when its one pass over A and B is spread over enough rows, columns and steps. Measured: the plain path
    /// wins up to cubes of 96, for any few steps, and where few rows use each element of B.
    /// </summary>
    private static bool PackingCostsMore(in Product<T> p) =>
        p.K <= 64 || p.M <= 96 || (long)p.M * p.N * p.K <= 96 * 96 * 96;

    /// <summary>Tiles over A and B where they lie; only a last part-vector of columns is packed.</summary>
    private static void Direct(in Product<T> p)
    {
        int j = 0;
        for (; j + Width <= p.N; j += Width)
            Column(p, j, TKernels.Vectors);
        int vectors = (p.N - j) / TKernels.Lanes;
        if (vectors > 0)
        {
            Column(p, j, vectors);
            j += vectors * TKernels.Lanes;
        }
        if (j < p.N)
            Packed(p.Block(0, p.M, j, p.N - j));
    }

    private static void Column(in Product<T> p, int j, int vectors)
    {
        T* bias = p.Bias == null ? null : p.Bias + j;
        for (int i = 0; i < p.M;)
        {
            int left = p.M - i;
            int rows = left >= TKernels.Rows ? TKernels.Rows : left >= 4 ? 4 : 1;
            TKernels.Run(rows, vectors, p.K, p.A + i * p.ARow, p.ARow, p.AStep, p.B + j, p.BStep, p.C + i * p.CRow + j, p.CRow, p.Accumulate, bias);
            i += rows;
        }
    }

    /// <summary>Three loops of blocks around two of tiles, as in BLIS: a panel of B in L3, a block of A in L2, a strip in L1.</summary>
    private static void Packed(in Product<T> p)
    {
        BlockSizes blocks = TKernels.Blocks;
        int kc = Math.Min(blocks.K, p.K), mc = Math.Min(blocks.M, RoundUp(p.M, TKernels.Rows)), nc = Math.Min(blocks.N, RoundUp(p.N, Width));
        T* a = Scratch.A<T>((nint)mc * kc);
        T* b = Scratch.B<T>((nint)nc * kc);
        for (int j = 0; j < p.N; j += nc)
        {
            int n = Math.Min(nc, p.N - j);
            // At least once: without any step C is still cleared or given its bias.
            for (int i = 0; i == 0 || i < p.K; i += kc)
            {
                int k = Math.Min(kc, p.K - i);
                Packing.Pack(p.B + j * p.BColumn + i * p.BStep, p.BColumn, p.BStep, n, k, Width, b);
                bool last = i + k == p.K;
                for (int row = 0; row < p.M; row += mc)
                {
                    Product<T> block = p.Block(row, Math.Min(mc, p.M - row), j, n);
                    block.A += i * p.AStep;
                    block.K = k;
                    block.Accumulate |= i > 0;
                    if (!last)
                        block.Bias = null;
                    Packing.Pack(block.A, p.ARow, p.AStep, block.M, k, TKernels.Rows, a);
                    Tiles(block, a, b);
                }
                if (last)
                    break;
            }
        }
    }

    private static void Tiles(in Product<T> p, T* a, T* b)
    {
        for (int j = 0; j < p.N; j += Width)
        {
            int columns = Math.Min(Width, p.N - j);
            int vectors = (columns + TKernels.Lanes - 1) / TKernels.Lanes;
            bool wholeVectors = columns == vectors * TKernels.Lanes;
            T* bias = p.Bias == null ? null : p.Bias + j;
            for (int i = 0; i < p.M; i += TKernels.Rows)
            {
                int rows = Math.Min(TKernels.Rows, p.M - i);
                T* strip = a + (nint)i * p.K;
                T* c = p.C + i * p.CRow + j;
                if (wholeVectors && rows == TKernels.Rows)
                    TKernels.Run(rows, vectors, p.K, strip, 1, TKernels.Rows, b, Width, c, p.CRow, p.Accumulate, bias);
                else
                    Edge(p, vectors, rows, columns, strip, b, c, bias);
            }
            b += (nint)Width * p.K;
        }
    }

    /// <summary>A tile that reaches beyond C: computed whole beside it, then its inner part is copied.</summary>
    private static void Edge(in Product<T> p, int vectors, int rows, int columns, T* a, T* b, T* c, T* bias)
    {
        int width = vectors * TKernels.Lanes;
        T* tile = Scratch.Tile<T>((nint)(TKernels.Rows + 1) * Width);
        T* tileBias = null;
        if (p.Accumulate)
        {
            for (int r = 0; r < rows; r++)
                Copy(c + r * p.CRow, tile + r * width, columns);
        }
        if (bias != null)
        {
            tileBias = tile + TKernels.Rows * width;
            Copy(bias, tileBias, columns);
        }
        TKernels.Run(TKernels.Rows, vectors, p.K, a, 1, TKernels.Rows, b, Width, tile, width, p.Accumulate, tileBias);
        for (int r = 0; r < rows; r++)
            Copy(tile + r * width, c + r * p.CRow, columns);
    }

    private static void Copy(T* from, T* to, int count) =>
        new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(to, count));

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
