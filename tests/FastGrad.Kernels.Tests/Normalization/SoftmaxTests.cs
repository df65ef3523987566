using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Tests.Elementwise;
using Xunit;

namespace FastGrad.Kernels.Tests.Normalization;

/// <summary>Softmax and its kin against their definitions in double, limits as in torch, derivatives against finite differences.</summary>
public sealed class SoftmaxTests
{
    public static TheoryData<int> Columns() => [.. Enumerable.Range(1, 66), 128, 129, 1000, 5000];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Values_are_those_of_the_definition(int columns)
    {
        const int rows = 3;
        float[] x = Samples.Floats(rows * columns, 1, -20, 20);
        float[] softmax = new float[x.Length], log = new float[x.Length], lse = new float[rows], losses = new float[rows], evaluated = new float[rows], kept = new float[x.Length];
        int[] labels = [0, columns - 1, columns / 2];
        Softmax.Forward<float>(x, rows, columns, softmax);
        LogSoftmax.Forward<float>(x, rows, columns, log);
        LogSumExp.Forward<float>(x, rows, columns, lse);
        SoftmaxCrossEntropy.Forward<float>(x, labels, rows, columns, losses, kept);
        SoftmaxCrossEntropy.Forward<float>(x, labels, rows, columns, evaluated, []);
        for (int r = 0; r < rows; r++)
        {
            double[] row = [.. x.Skip(r * columns).Take(columns).Select(v => (double)v)];
            double exact = row.Max() + Math.Log(row.Sum(v => Math.Exp(v - row.Max())));
            double total = 0;
            for (int i = 0; i < columns; i++)
            {
                double p = Math.Exp(row[i] - exact);
                total += softmax[r * columns + i];
                Assert.Equal(p, softmax[r * columns + i], p * 60e-7 + 1e-45); // x − m is exact to half an ulp of 40, which exp makes relative
                Assert.Equal(row[i] - exact, log[r * columns + i], 8e-6);
            }
            Assert.Equal(1, total, 5e-6);
            Assert.Equal(exact, lse[r], 4e-6);
            Assert.Equal(exact - row[labels[r]], losses[r], 1e-6 * Math.Abs(exact - row[labels[r]]) + 4e-6);
        }
        Assert.Equal(softmax, kept);
        Assert.Equal(losses, evaluated);
    }

    [Fact]
    public void Small_losses_keep_their_digits()
    {
        // loss = log(1 + e⁻¹²): log-sum-exp minus the logit would round it at an ulp of 1000.
        double[] losses = new double[1];
        SoftmaxCrossEntropy.Forward<double>([1000, 988], [0], 1, 2, losses, []);
        Assert.Equal(6.144193477720e-6, losses[0], 1e-15);
    }

    [Fact]
    public void Masks_and_special_values_follow_torch()
    {
        float inf = float.PositiveInfinity, nan = float.NaN;
        Assert.Equal([0, 0.5f, 0.5f], Forward([-inf, 2, 2], 3));
        Assert.All(Forward([-inf, -inf], 2), v => Assert.True(float.IsNaN(v)));
        Assert.All(Forward([1, nan, 2], 3), v => Assert.True(float.IsNaN(v)));
        Assert.True(float.IsNaN(Forward([1, inf], 2)[1]));
        for (int at = 0; at < 150; at += 7)
        {
            float[] x = Samples.Floats(150, 9);
            x[at] = nan;
            Assert.All(Forward(x, 150), v => Assert.True(float.IsNaN(v)));
        }

        float[] log = new float[3], lse = new float[4], loss = new float[1];
        LogSoftmax.Forward<float>([-inf, 2, 2], 1, 3, log);
        Assert.Equal(-inf, log[0]);
        Assert.Equal(-MathF.Log(2), log[1], 1e-7f);
        LogSumExp.Forward<float>([-inf, -inf, 1, inf, nan, inf, 200, 200], 4, 2, lse);
        Assert.Equal([-inf, inf, nan, 200 + MathF.Log(2)], lse);
        LogSumExp.Forward<float>([], 4, 0, lse);
        Assert.Equal([-inf, -inf, -inf, -inf], lse);
        SoftmaxCrossEntropy.Forward<float>([0, -inf], [1], 1, 2, loss, []);
        Assert.Equal(inf, loss[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(140)]
    public void Derivatives_agree_with_finite_differences(int columns)
    {
        const int rows = 2;
        int n = rows * columns;
        double[] x = Samples.Doubles(n, 1), w = Samples.Doubles(n, 2), v = Samples.Doubles(rows, 3);
        double[] y = new double[n], softmax = new double[n], log = new double[n], perRow = new double[rows], lse = new double[n], ce = new double[n];
        int[] labels = [columns - 1, 0];

        Softmax.Forward<double>(x, rows, columns, y);
        Softmax.Backward<double>(y, w, rows, columns, softmax, accumulate: false);
        LogSoftmax.Forward<double>(x, rows, columns, y);
        LogSoftmax.Backward<double>(y, w, rows, columns, log, accumulate: false);
        LogSumExp.Forward<double>(x, rows, columns, perRow);
        LogSumExp.Backward<double>(x, perRow, v, rows, columns, lse, accumulate: false);
        SoftmaxCrossEntropy.Forward<double>(x, labels, rows, columns, perRow, y);
        SoftmaxCrossEntropy.Backward<double>(y, labels, v, rows, columns, ce, accumulate: false);

        double[] big = new double[n], small = new double[rows];
        double Weighted(Action<double[]> f, double[] output, double[] weights)
        {
            f(output);
            return output.Zip(weights, (a, b) => a * b).Sum();
        }
        for (int i = 0; i < n; i++)
        {
            Check(softmax[i], () => Weighted(o => Softmax.Forward<double>(x, rows, columns, o), big, w));
            Check(log[i], () => Weighted(o => LogSoftmax.Forward<double>(x, rows, columns, o), big, w));
            Check(lse[i], () => Weighted(o => LogSumExp.Forward<double>(x, rows, columns, o), small, v));
            Check(ce[i], () => Weighted(o => SoftmaxCrossEntropy.Forward<double>(x, labels, rows, columns, o, []), small, v));

            void Check(double analytic, Func<double> f)
            {
                const double h = 1e-5;
                double at = x[i];
                x[i] = at + h;
                double up = f();
                x[i] = at - h;
                double down = f();
                x[i] = at;
                double numeric = (up - down) / (2 * h);
                Assert.True(Math.Abs(analytic - numeric) <= 1e-6 * Math.Max(Math.Abs(analytic), Math.Abs(numeric)) + 16 * 2.3e-16 * n / h, $"{analytic}, numeric {numeric}");
            }
        }

        // Accumulation adds exactly what writing gives; gradients may overwrite what they were computed from.
        double[] added = (double[])w.Clone();
        Softmax.Forward<double>(x, rows, columns, y);
        Softmax.Backward<double>(y, w, rows, columns, added, accumulate: true);
        Assert.Equal(w.Zip(softmax, (a, b) => a + b), added);
        double[] inPlace = (double[])w.Clone();
        Softmax.Backward<double>(y, inPlace, rows, columns, inPlace, accumulate: false);
        Assert.Equal(softmax, inPlace);
        added = (double[])w.Clone();
        SoftmaxCrossEntropy.Backward<double>(y, labels, v, rows, columns, added, accumulate: true);
        Assert.Equal(w.Zip(ce, (a, b) => a + b), added);
        SoftmaxCrossEntropy.Backward<double>(y, labels, [0.5], rows, columns, y, accumulate: false);
        Assert.Equal(0, y.Sum(), 1e-12); // each row of softmax − onehot sums to 0
    }

    [Fact]
    public void Labels_are_checked_before_anything_is_written()
    {
        float[] losses = [7, 7], probabilities = [7, 7, 7, 7], gradient = [7, 7, 7, 7];
        foreach (int wrong in new[] { -1, 2, int.MaxValue })
        {
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => SoftmaxCrossEntropy.Forward<float>(new float[4], [0, wrong], 2, 2, losses, probabilities));
            Assert.Equal("labels", error.ParamName);
            Assert.Contains($"The label of row 1 is {wrong}; expected 0 to 1", error.Message);
            Assert.ThrowsAny<ArgumentException>(() => SoftmaxCrossEntropy.Backward<float>(new float[4], [wrong, 0], [1f], 2, 2, gradient, accumulate: false));
        }
        Assert.Equal([7, 7], losses);
        Assert.Equal([7, 7, 7, 7], probabilities);
        Assert.Equal([7, 7, 7, 7], gradient);
    }

    [Fact]
    public void Shapes_and_aliases_that_do_not_fit_are_refused()
    {
        float[] memory = new float[20];
        Assert.Equal("x", Assert.Throws<ArgumentException>(() => Softmax.Forward<float>(new float[5], 2, 3, memory.AsSpan(0, 6))).ParamName);
        Assert.Throws<ArgumentException>(() => Softmax.Forward<float>(memory.AsSpan(0, 6), 2, 3, memory.AsSpan(3, 6)));
        Assert.Throws<ArgumentException>(() => LogSumExp.Forward<float>(memory.AsSpan(0, 6), 2, 3, memory.AsSpan(4, 2)));
        Assert.Equal("losses", Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Forward<float>(new float[6], [0, 0], 2, 3, new float[3], [])).ParamName);
        Softmax.Forward<float>(memory, 2, 10, memory); // in place is fine
        Assert.Equal(0.1f, memory[0], 1e-7f);
    }

    private static float[] Forward(float[] x, int columns)
    {
        float[] y = new float[x.Length];
        Softmax.Forward<float>(x, x.Length / columns, columns, y);
        return y;
    }
}
