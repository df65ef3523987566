using System.Numerics;
using FastGrad.Kernels.Normalization;

namespace FastGrad.Legs.Cases;

/// <summary>Kernels by rows: softmax and its kin, forward and backward.</summary>
internal static class RowCases
{
    private const int Rows = 9;

    public static IEnumerable<Case> All()
    {
        foreach (int columns in (int[])[1, 10, 65, 1000])
        {
            yield return new($"rows.{columns}.float", digest => Compute<float>(digest, columns));
            yield return new($"rows.{columns}.double", digest => Compute<double>(digest, columns));
        }
    }

    private static void Compute<T>(Digest digest, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Uniform<T>(Rows * columns, 10, -20, 20), dy = Inputs.Uniform<T>(x.Length, 11), y = new T[x.Length], dx = new T[x.Length];
        Softmax.Forward<T>(x, Rows, columns, y);
        digest.Add<T>(y);
        Softmax.Backward<T>(y, dy, Rows, columns, dx, accumulate: false);
        digest.Add<T>(dx);
        LogSoftmax.Forward<T>(x, Rows, columns, y);
        digest.Add<T>(y);
        LogSoftmax.Backward<T>(y, dy, Rows, columns, dx, accumulate: true);
        digest.Add<T>(dx);

        T[] row = new T[Rows], losses = new T[Rows];
        LogSumExp.Forward<T>(x, Rows, columns, row);
        digest.Add<T>(row);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(r => r * 7 % columns)];
        SoftmaxCrossEntropy.Forward<T>(x, labels, Rows, columns, losses, y);
        digest.Add<T>(losses);
        SoftmaxCrossEntropy.Backward<T>(y, labels, dy.AsSpan(0, Rows), Rows, columns, dx, accumulate: false);
        digest.Add<T>(dx);
    }
}
