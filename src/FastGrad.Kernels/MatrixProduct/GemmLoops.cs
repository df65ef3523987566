namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The loops around the tiles, written once for all instruction sets.</summary>
/// <remarks>
/// Each element of C is one chain of fused multiply-adds over k = 0 … K − 1, whatever path is taken: a tile continues the chain
/// from C, so blocking, packing and the order of tiles change no bit. The exception, <see cref="DotProducts{T}"/>, is told by the whole
/// product before it is cut.
/// </remarks>
internal static unsafe class GemmLoops<TKernels, T>
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{

    /// <summary>Elements of Cᵀ at once: a quarter of an L2 cache of 1 MiB in float.</summary>
    private const long MostOfC = 64 * 1024;

    /// <summary>Elements of a copy of Aᵀ at once: 32 KiB in float. With 256 KiB the product 256x256x10 ran at two thirds of the speed.</summary>
    private const long MostOfA = 8 * 1024;

    /// <summary>Columns of the main tile.</summary>
    private static int Width => TKernels.Vectors * TKernels.Lanes;

    public static void Multiply(in Product<T> p)
    {
        if (p.M == 0 || p.N == 0)
            return;
        Run(GemmPaths.Choose(p, TKernels.Lanes), p);
    }

    /// <summary>Takes one path, whether or not it is the fast one. The path must be able to do the product.</summary>
    internal static void Run(GemmPath path, in Product<T> p)
    {
        switch (path)
        {
            case GemmPath.Dots: DotProducts<T>.Multiply(p); break;
            case GemmPath.RowsOfB: RowCombination<T>.OfB(p); break;
            case GemmPath.RowsOfA: RowCombination<T>.OfA(p); break;
            case GemmPath.Transposed: Transposed(p); return;
            case GemmPath.Direct: Direct(p); return;
            default: Packed(p); return;
        }
        if (p.Bias != null)
            BiasRow<T>.Add(p);
        p.Complete(0, p.M, 0, p.N);
    }

    /// <summary>Tiles over A and B where they lie.</summary>
    private static void Direct(in Product<T> p)
    {
        nint groupOfRows = TKernels.Rows * p.ARow;
        for (int j = 0; j < p.N;)
        {
            // Four vectors are better done as two and two than as three and one: a tile of one vector loads more than it computes.
            int columns = p.N - j == 4 * TKernels.Lanes && TKernels.Vectors == 3 ? 2 * TKernels.Lanes : Math.Min(Width, p.N - j);
            Strip(p, p.A, groupOfRows, p.ARow, p.AStep, p.B + j, p.BStep, j, columns);
            j += columns;
        }
        p.Complete(0, p.M, 0, p.N);
    }

    /// <summary>Cᵀ = Bᵀ·Aᵀ, with copies of Aᵀ and Cᵀ, some rows of A at a time. Factors commute, so each chain is the same.</summary>
    private static void Transposed(in Product<T> p)
    {
        // Copies of A stay in L1, but for long k, where fewer rows would leave vectors idle.
        long most = p.ARow == 1 ? MostOfC / p.N : Math.Max(MostOfA / Math.Max(1, p.K), 2 * TKernels.Lanes);
        int rows = (int)Math.Min(p.M, Math.Max(1, most / TKernels.Lanes) * TKernels.Lanes);
        T* c = Scratch.C<T>((nint)rows * p.N);
        for (int i = 0; i < p.M; i += rows)
        {
            Product<T> block = p.Block(i, Math.Min(rows, p.M - i), 0, p.N);
            T* a = block.A;
            nint aStep = p.AStep;
            if (p.ARow != 1)
            {
                a = Scratch.A<T>((nint)block.M * p.K);
                aStep = block.M;
                Transposition.Copy(block.A, p.ARow, block.M, p.K, a, aStep);
            }
            if (p.Accumulate)
                Transposition.Copy(block.C, p.CRow, block.M, p.N, c, block.M);
            Direct(new Product<T>
            {
                M = p.N,
                N = block.M,
                K = p.K,
                A = p.B,
                ARow = p.BColumn,
                AStep = p.BStep,
                B = a,
                BStep = aStep,
                BColumn = 1,
                C = c,
                CRow = block.M,
                Accumulate = p.Accumulate,
            });
            Transposition.Copy(c, block.M, p.N, block.M, block.C, p.CRow);
            if (p.Bias != null)
                BiasRow<T>.Add(block);
            block.Complete(0, block.M, 0, block.N);
        }
    }

    /// <summary>Three loops of blocks around two of tiles, as in BLIS: a panel of B in L3, a block of A in L2, a strip in L1.</summary>
    private static void Packed(in Product<T> p)
    {
        BlockSizes blocks = TKernels.Blocks;
        int kc = Even(p.K, blocks.K), mc = Math.Min(blocks.M, RoundUp(p.M, TKernels.Rows)), nc = Math.Min(blocks.N, RoundUp(p.N, Width));
        T* a = Scratch.A<T>((nint)mc * kc);
        T* b = Scratch.B<T>((nint)nc * kc);
        for (int j = 0; j < p.N; j += nc)
        {
            int n = Math.Min(nc, p.N - j);
            int i = 0;
            do
            {
                int k = Math.Min(kc, p.K - i);
                Packing.Pack(p.B + j * p.BColumn + i * p.BStep, p.BColumn, p.BStep, n, k, Width, b);
                for (int row = 0; row < p.M; row += mc)
                {
                    Product<T> block = p.Block(row, Math.Min(mc, p.M - row), j, n);
                    block.A += i * p.AStep;
                    block.K = k;
                    block.Accumulate |= i > 0;
                    if (i + k < p.K)
                    {
                        block.Bias = null;
                        block.Finish = null;
                    }
                    Packing.Pack(block.A, p.ARow, p.AStep, block.M, k, TKernels.Rows, a);
                    for (int column = 0; column < n; column += Width)
                        Strip(block, a, (nint)TKernels.Rows * k, 1, TKernels.Rows, b + (nint)column * k, Width, column, Math.Min(Width, n - column));
                    // Tile by tile, an epilogue would be slower than a pass of its own: rows of a tile are short, and a power of two apart.
                    block.Complete(0, block.M, 0, n);
                }
                i += k;
            }
            while (i < p.K);
        }
    }

    /// <summary>All rows of C for <paramref name="columns"/> columns from <paramref name="j"/>, at most one tile's width.</summary>
    /// <param name="p">The product; its A and B are not read.</param>
    /// <param name="a">A, packed or not.</param>
    /// <param name="aGroup">From one main tile's rows of A to the next.</param>
    /// <param name="aRow">From one of those rows to the next.</param>
    /// <param name="aStep">From one step to the next.</param>
    /// <param name="b">The columns of B, packed or not.</param>
    /// <param name="bStep">From one step to the next.</param>
    /// <param name="j">The first column.</param>
    /// <param name="columns">The number of columns.</param>
    private static void Strip(in Product<T> p, T* a, nint aGroup, nint aRow, nint aStep, T* b, nint bStep, int j, int columns)
    {
        int vectors = columns / TKernels.Lanes, lanes = columns % TKernels.Lanes;
        T* bias = p.Bias == null ? null : p.Bias + j;
        for (int i = 0; i < p.M; i += TKernels.Rows, a += aGroup)
        {
            T* tileA = a;
            T* c = p.C + i * p.CRow + j;
            int left = Math.Min(TKernels.Rows, p.M - i);
            while (left > 0)
            {
                int rows = left == TKernels.Rows ? left : left >= 4 ? 4 : left >= 2 ? 2 : 1;
                if (vectors > 0)
                    TKernels.Run(rows, vectors, p.K, tileA, aRow, aStep, b, bStep, c, p.CRow, 0, p.Accumulate, bias);
                if (lanes > 0)
                {
                    int done = columns - lanes;
                    TKernels.Run(rows, 0, p.K, tileA, aRow, aStep, b + done, bStep, c + done, p.CRow, lanes, p.Accumulate, bias == null ? null : bias + done);
                }
                tileA += rows * aRow;
                c += rows * p.CRow;
                left -= rows;
            }
        }
    }

    /// <summary>The size of equal blocks, none above <paramref name="most"/>: a short last block would reload C for a few steps.</summary>
    private static int Even(int length, int most)
    {
        int blocks = Math.Max(1, (length + most - 1) / most);
        return (length + blocks - 1) / blocks;
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
