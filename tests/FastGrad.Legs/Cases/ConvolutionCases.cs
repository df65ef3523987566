using System.Numerics;
using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.Pooling;
using FastGrad.Kernels.Workers;

namespace FastGrad.Legs.Cases;

/// <summary>Convolutions and their gradients on every path (tiles, one output channel, depthwise, pointwise, strides), and pooling.</summary>
internal static class ConvolutionCases
{
    private static readonly (string Name, ConvolutionShape Shape)[] s_shapes =
    [
        ("same3x3", new(2, 7, 20, new(10, 3, 1, 1), new(21, 3, 1, 1))),
        ("strided", new(2, 4, 10, new(11, 3, 2, 1, 2), new(15, 4, 3, 2))),
        ("grouped", new(1, 6, 9, new(8, 3), new(9, 2), 3)),
        ("depthwise", new(2, 5, 5, new(9, 3, 1, 1), new(37, 3, 1, 1), 5)),
        ("depthwise.strided", new(2, 5, 5, new(9, 3, 2, 1), new(37, 3, 2, 1), 5)),
        ("pointwise", new(2, 30, 12, new(6, 1), new(7, 1))),
        ("deep", new(1, 150, 9, new(5, 3, 1, 1), new(5, 3, 1, 1))),
        ("winograd", new(2, 27, 25, new(13, 3, 1, 1), new(38, 3, 1, 2))),
        ("row", new(3, 4, 6, new(1, 1), new(50, 5, 1, 2))),
    ];

    public static IEnumerable<Case> All(WorkerTeam workers)
    {
        foreach ((string name, ConvolutionShape shape) in s_shapes)
        {
            yield return new($"conv.{name}.float", digest => Convolve<float>(digest, shape, workers));
            yield return new($"conv.{name}.double", digest => Convolve<double>(digest, shape, workers));
        }
        yield return new("pool.float", digest => Pool<float>(digest, workers));
        yield return new("pool.double", digest => Pool<double>(digest, workers));
    }

    private static void Convolve<T>(Digest digest, ConvolutionShape shape, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Uniform<T>((int)shape.InputLength, 21), w = Inputs.Uniform<T>((int)shape.WeightLength, 22), y = Inputs.Uniform<T>((int)shape.OutputLength, 23);
        T[] bias = Inputs.Uniform<T>(shape.OutputChannels, 24), dx = [.. x], dw = [.. w], db = [.. bias];
        Conv.WeightGradient<T>(shape, x, y, dw, accumulate: true, workers);
        Conv.InputGradient<T>(shape, y, w, dx, accumulate: true, default, workers);
        Conv.BiasGradient<T>(shape.Batch, shape.OutputChannels, shape.Rows.Output * shape.Columns.Output, y, db);
        Conv.Forward<T>(shape, x, w, y, accumulate: false, bias, workers);
        digest.Add<T>(y);
        digest.Add<T>(dx);
        digest.Add<T>(dw);
        digest.Add<T>(db);
    }

    private static void Pool<T>(Digest digest, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int planes = 6;
        foreach ((PoolAxis rows, PoolAxis columns) in ((PoolAxis, PoolAxis)[])
            [(PoolAxis.Sliding(30, 2), PoolAxis.Sliding(41, 2)), (PoolAxis.Sliding(20, 3, 2, 1), PoolAxis.Sliding(21, 3, 2, 1, ceiling: true)), (PoolAxis.Adaptive(20, 7), PoolAxis.Adaptive(9, 4)), (PoolAxis.Adaptive(20, 1), PoolAxis.Adaptive(41, 1))])
        {
            T[] x = Inputs.Uniform<T>(planes * rows.Input * columns.Input, 25), y = new T[planes * rows.Output * columns.Output], dx = new T[x.Length];
            MaxPool.Forward<T>(planes, rows, columns, x, y, workers: workers);
            digest.Add<T>(y);
            MaxPool.Place<T>(planes, rows, columns, x, y, dx, workers: workers);
            digest.Add<T>(dx);
            AvgPool.Forward<T>(planes, rows, columns, true, x, y, workers: workers);
            digest.Add<T>(y);
            AvgPool.Backward<T>(planes, rows, columns, false, y, dx, workers: workers);
            digest.Add<T>(dx);
        }
    }
}
