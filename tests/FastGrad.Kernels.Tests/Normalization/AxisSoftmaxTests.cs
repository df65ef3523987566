using System.Numerics;
using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Philox;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.Normalization;

/// <summary>Softmax and its kin along a middle axis against formulas in binary64, and against the kernels of rows on transposed elements.</summary>
public class AxisSoftmaxTests
{
    public static TheoryData<int, int, int> Shapes => new() { { 1, 1, 1 }, { 2, 3, 1 }, { 1, 5, 7 }, { 3, 4, 16 }, { 2, 9, 37 }, { 1, 33, 130 }, { 2, 2, 300 }, { 0, 3, 4 }, { 3, 3, 0 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Lines_are_the_rows_of_the_transpose(int outer, int length, int inner)
    {
        Check<double>(outer, length, inner, 4e-15);
        Check<float>(outer, length, inner, 2e-6);
    }

    [Fact]
    public void Edges_are_those_of_rows()
    {
        const double inf = double.PositiveInfinity;
        // Six lines of three, as columns.
        double[] x = [-inf, -inf, inf, double.NaN, 1, 0, 1, -inf, 2, 1, double.NaN, 0, -inf, -inf, 3, 2, 3, 0], y = new double[18], sums = new double[6];
        SoftmaxAlong.Forward<double>(x, 1, 3, 6, y);
        Assert.Equal([0, double.NaN, double.NaN, double.NaN, double.NaN, 1.0 / 3], y[..6]);
        Assert.Equal(1, y[6]);
        LogSoftmaxAlong.Forward<double>(x, 1, 3, 6, y);
        Assert.Equal([-inf, double.NaN, double.NaN, double.NaN, double.NaN], y[..5]);
        Assert.Equal(0, y[6]);
        LogSumExpAlong.Forward<double>(x, 1, 3, 6, sums);
        Assert.Equal([1, -inf, inf, double.NaN, double.NaN], sums[..5]);
        Assert.Equal(Math.Log(3), sums[5], 1e-15);
    }

    [Fact]
    public void No_team_shows_in_the_bits_and_results_may_take_the_place_of_inputs()
    {
        const int outer = 3, length = 40, inner = 301;
        using WorkerTeam team = new(3);
        float[] x = Random<float>(outer * length * inner, 1), w = Random<float>(x.Length, 2), one = new float[x.Length], many = [.. x], dOne = [.. w], dMany = [.. w];
        SoftmaxAlong.Forward<float>(x, outer, length, inner, one);
        SoftmaxAlong.Forward<float>(many, outer, length, inner, many, team);
        Assert.Equal(one, many);
        SoftmaxAlong.Backward<float>(one, w, outer, length, inner, dOne, accumulate: false);
        SoftmaxAlong.Backward<float>(one, dMany, outer, length, inner, dMany, accumulate: false, team);
        Assert.Equal(dOne, dMany);
        LogSoftmaxAlong.Forward<float>(x, outer, length, inner, one);
        many = [.. x];
        LogSoftmaxAlong.Forward<float>(many, outer, length, inner, many, team);
        Assert.Equal(one, many);
        LogSoftmaxAlong.Backward<float>(one, w, outer, length, inner, dOne, accumulate: false);
        LogSoftmaxAlong.Backward<float>(one, w, outer, length, inner, dMany, accumulate: false, team);
        Assert.Equal(dOne, dMany);
    }

    [Fact]
    public void Shapes_are_checked()
    {
        Assert.Throws<ArgumentException>("x", () => SoftmaxAlong.Forward<float>(new float[5], 1, 2, 3, new float[5]));
        Assert.Throws<ArgumentException>("y", () => LogSumExpAlong.Forward<float>(new float[6], 1, 2, 3, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => LogSumExpAlong.Forward<float>([], 1, 0, 3, new float[3]));
    }

    private static void Check<T>(int outer, int length, int inner, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int all = outer * length * inner, lines = outer * inner;
        T[] x = Random<T>(all, 1), dy = Random<T>(all, 2), before = Random<T>(all, 3), y = new T[all], dx = [.. before], sums = new T[lines];
        T[] rows = Transposed(x), dRows = Transposed(dy), beforeRows = Transposed(before), yRows = new T[all], dxRows = [.. beforeRows], sumRows = new T[lines];

        SoftmaxAlong.Forward<T>(x, outer, length, inner, y);
        Softmax.Forward<T>(rows, lines, length, yRows);
        Near(yRows, Transposed(y));
        for (int line = 0; line < lines; line++)
            Assert.Equal(1, Enumerable.Range(0, length).Sum(k => double.CreateTruncating(Transposed(y)[line * length + k])), 1e-5);
        SoftmaxAlong.Backward<T>(y, dy, outer, length, inner, dx, accumulate: true);
        Softmax.Backward<T>(yRows, dRows, lines, length, dxRows, accumulate: true);
        Near(dxRows, Transposed(dx));

        LogSoftmaxAlong.Forward<T>(x, outer, length, inner, y);
        LogSoftmax.Forward<T>(rows, lines, length, yRows);
        Near(yRows, Transposed(y));
        LogSoftmaxAlong.Backward<T>(y, dy, outer, length, inner, dx, accumulate: false);
        LogSoftmax.Backward<T>(yRows, dRows, lines, length, dxRows, accumulate: false);
        Near(dxRows, Transposed(dx));

        LogSumExpAlong.Forward<T>(x, outer, length, inner, sums);
        LogSumExp.Forward<T>(rows, lines, length, sumRows);
        Near(sumRows, sums);
        for (int line = 0; line < lines; line++)
        {
            double sum = Enumerable.Range(0, length).Sum(k => Math.Exp(double.CreateTruncating(rows[line * length + k])));
            Assert.Equal(Math.Log(sum), double.CreateTruncating(sums[line]), tolerance);
        }
        LogSumExpAlong.Backward<T>(x, sums, dy.AsSpan(0, lines), outer, length, inner, dx, accumulate: true);
        LogSumExp.Backward<T>(rows, sumRows, dy.AsSpan(0, lines), lines, length, dxRows, accumulate: true);
        Near(dxRows, Transposed(dx));

        T[] Transposed(T[] elements)
        {
            T[] to = new T[all];
            for (int i = 0; i < all; i++)
            {
                int block = i / (length * inner), k = i / inner % length, j = i % inner;
                to[(block * inner + j) * length + k] = elements[i];
            }
            return to;
        }

        void Near(T[] expected, T[] actual)
        {
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(double.CreateTruncating(expected[i]), double.CreateTruncating(actual[i]), tolerance);
        }
    }

    private static T[] Random<T>(int length, ulong stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[length];
        new PhiloxStream(8, stream).FillUniform(values.AsSpan(), T.CreateTruncating(-3), T.CreateTruncating(3));
        return values;
    }
}
