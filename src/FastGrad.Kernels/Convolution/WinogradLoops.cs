using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>Winograd's correlation, cut by image and rows of tiles: transforms in vectors along a row of tiles, and 16 products between them.</summary>
/// <remarks>
/// A block of tiles stays in the second cache from its input to its outputs. Each of the 16 products is a chain over the input channels, and each tile
/// is transformed alone, so blocks and threads change no bit.
/// </remarks>
internal readonly unsafe struct WinogradLoops<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of transformed inputs and products at once: most of an L2 cache of 1 MiB.</summary>
    private const int Held = 896 * 1024;

    private readonly Winograd<T> _work;
    private readonly Partition _rows, _units;

    private WinogradLoops(in Winograd<T> work, int rows, int units)
    {
        _work = work;
        _rows = new(work.TileRows, rows);
        _units = new(checked(work.Batch * _rows.Count), units);
    }

    public static void Run(in Winograd<T> work, WorkerTeam? workers)
    {
        if (work.Batch == 0)
            return;
        long all = (long)work.Batch * work.TileRows * work.TileColumns * work.M * work.Channels * Winograd<T>.Points;
        int threads = (int)Math.Clamp(all / GemmJob<TKernels, T>.Worthwhile, 1, workers?.Size ?? 1);
        int rows = RowsAtOnce(work);
        if ((long)work.Batch * ((work.TileRows + rows - 1) / rows) < 2 * threads)
            rows = Math.Clamp((int)((long)work.Batch * work.TileRows / (2 * threads)), 1, rows);
        int units = work.Batch * ((work.TileRows + rows - 1) / rows);
        var job = new WinogradLoops<TKernels, T>(work, rows, threads == 1 ? units : Math.Max(1, units / (8 * threads)));
        if (threads > 1)
        {
            workers!.Run(job._units.Count, ref job);
            return;
        }
        for (int part = 0; part < job._units.Count; part++)
            job.Execute(part);
    }

    public void Execute(int part)
    {
        int first = _units.Start(part);
        for (int unit = first; unit < first + _units.Size(part); unit++)
        {
            int block = unit % _rows.Count, image = unit / _rows.Count;
            if (Isa.Has512)
                Block<Simd512<T>>(image, _rows.Start(block), _rows.Size(block));
            else if (Isa.Has256)
                Block<Simd256<T>>(image, _rows.Start(block), _rows.Size(block));
            else if (Isa.Has128)
                Block<Simd128<T>>(image, _rows.Start(block), _rows.Size(block));
            else
                Block<Lane<T>>(image, _rows.Start(block), _rows.Size(block));
        }
    }

    /// <summary>Rows of tiles whose values fit into the second cache, such that few columns of the products are idle.</summary>
    private static int RowsAtOnce(in Winograd<T> work)
    {
        long tiles = Held / sizeof(T) / Winograd<T>.Points / (work.M + work.Channels);
        int most = (int)Math.Clamp(tiles / work.TileColumns, 1, work.TileRows), best = most;
        double least = double.PositiveInfinity;
        for (int rows = most; rows >= 1; rows--)
        {
            // A block costs its vectors, something for each tile of three, and the two rows of input that it shares with its neighbour.
            int blocks = (work.TileRows + rows - 1) / rows, vectors = WinogradRows.Padded(rows * work.TileColumns) / WinogradRows.Lanes;
            double cost = blocks * (vectors + 0.3 * ((vectors + 2) / 3) + 0.2 * WinogradRows.Padded(work.TileColumns) / WinogradRows.Lanes);
            if (cost < least)
                (best, least) = (rows, cost);
        }
        return best;
    }

    private void Block<V>(int image, int first, int rows)
        where V : struct, ISimdVector<V, T>
    {
        int tiles = WinogradRows.Padded(rows * _work.TileColumns);
        // The 16 products do not lie a power of two apart.
        nint vPoint = (nint)_work.Channels * tiles + WinogradRows.Lanes, pPoint = (nint)_work.M * tiles + WinogradRows.Lanes;
        nint buffers = WinogradRows.BufferSize(rows, _work.TileColumns);
        T* v = Scratch.C<T>(Winograd<T>.Points * (vPoint + pPoint) + buffers);
        T* p = v + Winograd<T>.Points * vPoint;
        WinogradRows<T> lines = new(p + Winograd<T>.Points * pPoint, rows, _work.TileColumns);

        lines.Begin();
        T* x = _work.X + (nint)image * _work.Channels * _work.XChannel;
        for (int c = 0; c < _work.Channels; c++)
            lines.Inputs<V>(x + c * _work.XChannel, 2 * first - _work.Top, _work.InputRows, _work.InputColumns, _work.Left, v + (nint)c * tiles, vPoint);

        nint aPoint = (nint)((_work.M + TKernels.Rows - 1) / TKernels.Rows) * TKernels.Rows * _work.Channels;
        for (int point = 0; point < Winograd<T>.Points; point++)
            Multiply(_work.A + point * aPoint, v + point * vPoint, p + point * pPoint, tiles);

        T* y = _work.Y + (nint)image * _work.M * _work.YChannel + (nint)2 * first * _work.Columns;
        int outputs = Math.Min(2 * rows, _work.Rows - 2 * first);
        for (int m = 0; m < _work.M; m++)
            lines.Outputs<V>(p + (nint)m * tiles, pPoint, _work.Bias == null ? null : _work.Bias + m, _work.Accumulate, y + m * _work.YChannel, outputs, _work.Columns);
        if (_work.Finish != null)
            _work.Finish(_work.Epilogue, image * _work.M, _work.M, 2 * first * _work.Columns, outputs * _work.Columns, y, _work.YChannel);
    }

    /// <summary>One of the products: [M, channels] by [channels, tiles].</summary>
    private void Multiply(T* a, T* b, T* c, int tiles)
    {
        int k = _work.Channels;
        for (int i = 0; i < _work.M; i += TKernels.Rows, a += (nint)TKernels.Rows * k)
        {
            int left = Math.Min(TKernels.Rows, _work.M - i);
            for (int done = 0; left > 0;)
            {
                int some = left == TKernels.Rows ? left : left >= 4 ? 4 : left >= 2 ? 2 : 1;
                T* row = c + (nint)(i + done) * tiles;
                for (int j = 0; j < tiles;)
                {
                    int vectors = (tiles - j) / TKernels.Lanes;
                    // Four vectors are better done as two and two than as three and one.
                    vectors = vectors == 4 && TKernels.Vectors == 3 ? 2 : Math.Min(vectors, TKernels.Vectors);
                    TKernels.Run(some, vectors, k, a + done, 1, TKernels.Rows, b + j, tiles, row + j, tiles, 0, load: false, null);
                    j += vectors * TKernels.Lanes;
                }
                done += some;
                left -= some;
            }
        }
    }
}
