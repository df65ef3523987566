using System.Numerics;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Products of equal shape at equal distances, each whole on one thread.</summary>
internal readonly unsafe struct BatchJob<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Product<T> _first;
    private readonly nint _strideA, _strideB, _strideC;

    private BatchJob(in Product<T> first, nint strideA, nint strideB, nint strideC)
    {
        _first = first;
        _strideA = strideA;
        _strideB = strideB;
        _strideC = strideC;
    }

    public static void Run(int batch, in Product<T> first, nint strideA, nint strideB, nint strideC, WorkerTeam? workers)
    {
        var job = new BatchJob<TKernels, T>(first, strideA, strideB, strideC);
        long work = (long)first.M * first.N * first.K;
        if (workers is not null && batch >= workers.Size && work * batch >= 2 * GemmJob<TKernels, T>.Worthwhile)
        {
            workers.Run(batch, ref job);
            return;
        }
        // Fewer products than threads: the threads share each product.
        for (int i = 0; i < batch; i++)
            GemmJob<TKernels, T>.Run(job.At(i), workers);
    }

    public void Execute(int part) => GemmLoops<TKernels, T>.Multiply(At(part));

    private Product<T> At(int index)
    {
        Product<T> product = _first;
        product.A += index * _strideA;
        product.B += index * _strideB;
        product.C += index * _strideC;
        return product;
    }
}
