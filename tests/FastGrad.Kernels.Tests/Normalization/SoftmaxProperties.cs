using FastGrad.Kernels.Normalization;
using FsCheck;
using FsCheck.Xunit;

namespace FastGrad.Kernels.Tests.Normalization;

/// <summary>Laws of softmax and log-sum-exp over random rows.</summary>
public sealed class SoftmaxProperties
{
    [Property(MaxTest = 200)]
    public bool Probabilities_sum_to_one(PositiveInt columns, int seed)
    {
        float[] x = Row(1 + columns.Get * 29 % 3000, seed), y = new float[x.Length];
        Softmax.Forward<float>(x, 1, x.Length, y);

        // Sum, reciprocal and products: 40 roundings of the sum at most, two of each element.
        return Math.Abs(y.Sum(v => (double)v) - 1) <= 43 * Math.Pow(2, -24) && y.All(v => v is >= 0 and <= 1);
    }

    /// <summary>Where x + c is exact, so is x + c − max(x + c): the very same bits.</summary>
    [Property(MaxTest = 200)]
    public bool Shifts_change_nothing(PositiveInt columns, short shift, int seed)
    {
        float[] x = Array.ConvertAll(Row(1 + columns.Get * 7 % 400, seed), v => MathF.Round(v * 64) / 64), shifted = Array.ConvertAll(x, v => v + shift);
        float[] y = new float[x.Length], z = new float[x.Length];
        Softmax.Forward<float>(x, 1, x.Length, y);
        Softmax.Forward<float>(shifted, 1, x.Length, z);
        if (!y.SequenceEqual(z))
            return false;
        LogSoftmax.Forward<float>(x, 1, x.Length, y);
        LogSoftmax.Forward<float>(shifted, 1, x.Length, z);
        return y.SequenceEqual(z);
    }

    /// <summary>Jensen's inequality, and the bounds max ≤ log-sum-exp ≤ max + log n, up to rounding.</summary>
    [Property(MaxTest = 200)]
    public bool Log_sum_exp_is_convex_and_bounded(PositiveInt columns, int seed)
    {
        int n = 1 + columns.Get * 11 % 300;
        double[] x = Array.ConvertAll(Row(n, seed), v => (double)v), y = Array.ConvertAll(Row(n, seed + 1), v => (double)v);
        double[] middle = [.. x.Zip(y, (a, b) => (a + b) / 2)], lse = new double[3];
        LogSumExp.Forward<double>([.. x, .. y, .. middle], 3, n, lse);
        double slack = 1e-13;
        return lse[2] <= (lse[0] + lse[1]) / 2 + slack && lse[0] >= x.Max() && lse[0] <= x.Max() + Math.Log(n) + slack;
    }

    /// <summary>The gradient of a loss over softmax outputs has no component along (1, …, 1): shifts change nothing.</summary>
    [Property(MaxTest = 100)]
    public bool Gradients_are_orthogonal_to_shifts(PositiveInt columns, int seed)
    {
        int n = 1 + columns.Get * 5 % 500;
        double[] x = Array.ConvertAll(Row(n, seed), v => (double)v), dy = Array.ConvertAll(Row(n, seed + 7), v => (double)v), y = new double[n], dx = new double[n];
        Softmax.Forward<double>(x, 1, n, y);
        Softmax.Backward<double>(y, dy, 1, n, dx, accumulate: false);
        if (Math.Abs(dx.Sum()) > 1e-13)
            return false;
        LogSoftmax.Forward<double>(x, 1, n, y);
        LogSoftmax.Backward<double>(y, dy, 1, n, dx, accumulate: false);
        return Math.Abs(dx.Sum()) <= 1e-12 * n;
    }

    private static float[] Row(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 24))];
    }
}
