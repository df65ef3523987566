using System.Numerics;
using FastGrad.Kernels.Normalization;

namespace FastGrad.Legs.Cases;

/// <summary>Softmax and its kin, forward and backward.</summary>
internal static class NormalizationCases
{
    public static IEnumerable<Case> All() => [.. In<float>("float"), .. In<double>("double")];

    private static IEnumerable<Case> In<T>(string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new($"softmax.{type}", digest => Rows<T>(digest, (x, w, rows, columns, y, dx) =>
        {
            Softmax.Forward<T>(x, rows, columns, y);
            Softmax.Backward<T>(y, w, rows, columns, dx, accumulate: true);
        })),
        new($"log_softmax.{type}", digest => Rows<T>(digest, (x, w, rows, columns, y, dx) =>
        {
            LogSoftmax.Forward<T>(x, rows, columns, y);
            LogSoftmax.Backward<T>(y, w, rows, columns, dx, accumulate: true);
        })),
        new($"log_sum_exp.{type}", digest => Rows<T>(digest, (x, w, rows, columns, y, dx) =>
        {
            LogSumExp.Forward<T>(x, rows, columns, y.AsSpan(0, rows));
            LogSumExp.Backward<T>(x, y.AsSpan(0, rows), w.AsSpan(0, rows), rows, columns, dx, accumulate: true);
        })),
        new($"softmax_cross_entropy.{type}", digest => Rows<T>(digest, (x, w, rows, columns, y, dx) =>
        {
            int[] labels = [.. Enumerable.Range(0, rows).Select(r => r * 7 % columns)];
            T[] losses = new T[rows];
            SoftmaxCrossEntropy.Forward<T>(x, labels, rows, columns, losses, y);
            SoftmaxCrossEntropy.Backward<T>(y, labels, losses, rows, columns, dx, accumulate: true);
            digest.Add<T>(losses);
        })),
        new($"layer_norm.{type}", digest => Rows<T>(digest, (x, w, rows, columns, y, dx) =>
        {
            T[] mean = new T[rows], reciprocal = new T[rows], scale = Inputs.Uniform<T>(columns, 13), shift = Inputs.Uniform<T>(columns, 14);
            LayerNorm.Forward<T>(x, scale, shift, rows, columns, T.CreateTruncating(1e-5), y, mean, reciprocal);
            LayerNorm.Backward<T>(x, scale, mean, reciprocal, w, rows, columns, dx, accumulate: true);
            LayerNorm.BackwardParameters<T>(x, mean, reciprocal, w, rows, columns, scale, shift, accumulate: true);
            digest.Add<T>(scale);
            digest.Add<T>(shift);
        })),
        new($"rms_norm.{type}", digest => Rows<T>(digest, (x, w, rows, columns, y, dx) =>
        {
            T[] reciprocal = new T[rows], scale = Inputs.Uniform<T>(columns, 13);
            RmsNorm.Forward<T>(x, scale, rows, columns, T.CreateTruncating(1e-5), y, reciprocal);
            RmsNorm.Backward<T>(x, scale, reciprocal, w, rows, columns, dx, accumulate: true);
            RmsNorm.BackwardWeight<T>(x, reciprocal, w, rows, columns, scale, accumulate: true);
            digest.Add<T>(scale);
        })),
        new($"batch_norm.{type}", digest => Channels<T>(digest, (x, w, shape, scale, shift, y, dx) =>
        {
            T[] mean = new T[shape.Channels], variance = new T[shape.Channels];
            BatchNorm.ForwardTraining<T>(x, scale, shift, shape, T.CreateTruncating(1e-5), y, mean, variance);
            BatchNorm.Backward<T>(x, scale, mean, variance, isBatch: true, w, shape, T.CreateTruncating(1e-5), dx, scale, shift, accumulate: true);
            digest.Add<T>(variance);
        })),
        new($"group_norm.{type}", digest => Channels<T>(digest, (x, w, shape, scale, shift, y, dx) =>
        {
            T[] mean = new T[shape.Outer * 2], reciprocal = new T[shape.Outer * 2];
            GroupNorm.Forward<T>(x, scale, shift, shape, 2, T.CreateTruncating(1e-5), y, mean, reciprocal);
            GroupNorm.Backward<T>(x, scale, mean, reciprocal, w, shape, 2, dx, accumulate: true);
            GroupNorm.BackwardParameters<T>(x, mean, reciprocal, w, shape, 2, scale, shift, accumulate: true);
        })),
    ];

    private static void Channels<T>(Digest digest, Action<T[], T[], ChannelShape, T[], T[], T[], T[]> compute)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ChannelShape shape in (ChannelShape[])[new(70, 4, 1), new(3, 6, 25), new(140, 2, 3), new(2, 150, 1), new(2, 2, 5000)])
        {
            T[] y = new T[(int)shape.Length], dx = Inputs.Uniform<T>(y.Length, 12), scale = Inputs.Uniform<T>(shape.Channels, 13), shift = Inputs.Uniform<T>(shape.Channels, 14);
            compute(Inputs.Uniform<T>(y.Length, 10, -30, 30), Inputs.Uniform<T>(y.Length, 11), shape, scale, shift, y, dx);
            digest.Add<T>(y);
            digest.Add<T>(dx);
            digest.Add<T>(scale);
            digest.Add<T>(shift);
        }
    }

    private static void Rows<T>(Digest digest, Action<T[], T[], int, int, T[], T[]> compute)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((int rows, int columns) in new[] { (3, 1), (4, 10), (5, 33), (2, 128), (3, 1000), (1, 9001) })
        {
            int n = rows * columns;
            T[] y = new T[n], dx = Inputs.Uniform<T>(n, 12);
            compute(Inputs.Uniform<T>(n, 10, -30, 30), Inputs.Uniform<T>(n, 11), rows, columns, y, dx);
            digest.Add<T>(y);
            digest.Add<T>(dx);
        }
    }
}
