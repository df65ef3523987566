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
    ];

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
