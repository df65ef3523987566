using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>A product cut into a grid of blocks of C, each an independent product on one thread.</summary>
/// <remarks>
/// A block packs for itself, so no thread waits for another; the grid is the one that packs least twice. Unlike a reduction the
/// cut may depend on the number of threads: it never cuts a chain.
/// </remarks>
internal readonly struct GemmJob<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds below which a thread is not worth asking: about a microsecond on one core, several fork/joins.</summary>
    internal const long Worthwhile = 64 * 1024;

    /// <summary>
    /// Multiply-adds of a thread from which its share is cut finer, so that others can take over what a thread that lost its core
    /// leaves: a few milliseconds, the time slice of usual schedulers. Finer cuts pack more.
    /// </summary>
    private const long Divisible = 128 * 1024 * 1024;

    private const int PartsOfShare = 4;

    private readonly Product<T> _product;
    private readonly Partition _rows;
    private readonly Partition _columns;

    private GemmJob(in Product<T> product, int gridRows, int gridColumns)
    {
        _product = product;
        _rows = Cut(product.M, gridRows, TKernels.Rows);
        _columns = Cut(product.N, gridColumns, TKernels.Lanes);
    }

    public static void Run(in Product<T> product, WorkerTeam? workers)
    {
        long work = (long)product.M * product.N * product.K;
        int threads = (int)Math.Min(workers?.Size ?? 1, Math.Max(1, work / Worthwhile));
        if (threads == 1)
        {
            GemmLoops<TKernels, T>.Multiply(product);
            return;
        }
        int cuts = work / threads >= Divisible ? PartsOfShare * threads : threads;
        int gridRows = GridRows(product.M, product.N, cuts);
        var job = new GemmJob<TKernels, T>(product, gridRows, cuts / gridRows);
        workers!.Run(job._rows.Count * job._columns.Count, ref job);
    }

    public void Execute(int part)
    {
        int row = part / _columns.Count, column = part % _columns.Count;
        GemmLoops<TKernels, T>.Multiply(_product.Block(_rows.Start(row), _rows.Size(row), _columns.Start(column), _columns.Size(column)));
    }

    /// <summary>Rows of the grid. Every block packs M/rows lines of A and N/columns lines of B: the least sum wins.</summary>
    private static int GridRows(int m, int n, int blocks)
    {
        int best = 1;
        double least = double.PositiveInfinity;
        for (int rows = 1; rows <= blocks; rows++)
        {
            if (blocks % rows != 0)
                continue;
            int columns = blocks / rows;
            // A cut finer than tiles leaves threads idle.
            double cost = (double)m / rows + (double)n / columns
                + (m < rows * TKernels.Rows ? m : 0) + (n < columns * TKernels.Lanes ? n : 0);
            if (cost < least)
                (best, least) = (rows, cost);
        }
        return best;
    }

    private static Partition Cut(int length, int blocks, int multiple)
    {
        int block = (length + blocks - 1) / blocks;
        return new Partition(length, Math.Max(multiple, (block + multiple - 1) / multiple * multiple));
    }
}
