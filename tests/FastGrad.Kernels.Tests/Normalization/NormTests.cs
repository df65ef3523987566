using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Tests.Elementwise;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.Normalization;

/// <summary>Norms against formulas in double, their gradients against differences of those, on guarded memory, and on two threads.</summary>
public sealed class NormTests
{
    private const double Epsilon = 1e-3;

    public static TheoryData<int, int> Matrices() => new() { { 1, 1 }, { 3, 2 }, { 5, 7 }, { 4, 33 }, { 40, 130 }, { 3, 300 }, { 2, 4500 } };

    public static TheoryData<int, int, int> Channels() => new() { { 4, 3, 1 }, { 33, 5, 1 }, { 70, 131, 1 }, { 2, 4, 6 }, { 3, 2, 49 }, { 150, 2, 3 }, { 2, 6, 200 } };

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Layer_and_rms_norm_are_their_formulas(int rows, int columns)
    {
        double[] x = Samples.Doubles(rows * columns, 1), w = Samples.Doubles(columns, 2), b = Samples.Doubles(columns, 3), y = new double[x.Length], m = new double[rows], r = new double[rows];
        foreach (bool centred in (bool[])[true, false])
        {
            if (centred)
                LayerNorm.Forward(x, w, b, rows, columns, Epsilon, y, m, r);
            else
                RmsNorm.Forward(x, w, rows, columns, Epsilon, y, r);
            double[] expected = Row(x, w, centred ? b : null, rows, columns, centred);
            Close(expected, y, 1e-12);
            float[] single = new float[x.Length];
            if (centred)
                LayerNorm.Forward(F(x), F(w), F(b), rows, columns, (float)Epsilon, single);
            else
                RmsNorm.Forward(F(x), F(w), rows, columns, (float)Epsilon, single);
            Close(expected, D(single), 1e-4);
        }
        LayerNorm.Forward(x, default, default, rows, columns, Epsilon, y);
        Close(Row(x, null, null, rows, columns, true), y, 1e-12);
        LayerNorm.Forward(x, w, default, rows, columns, Epsilon, y);
        Close(Row(x, w, null, rows, columns, true), y, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Gradients_of_row_norms_are_differences(int rows, int columns)
    {
        double[] x = Samples.Doubles(rows * columns, 1), w = Samples.Doubles(columns, 2), b = Samples.Doubles(columns, 3), d = Samples.Doubles(x.Length, 4);
        double[] y = new double[x.Length], m = new double[rows], r = new double[rows], dx = new double[x.Length], dw = new double[columns], db = new double[columns];
        foreach (bool centred in (bool[])[true, false])
        {
            if (centred)
            {
                LayerNorm.Forward(x, w, b, rows, columns, Epsilon, y, m, r);
                LayerNorm.Backward(x, w, m, r, d, rows, columns, dx, accumulate: false);
                LayerNorm.BackwardParameters(x, m, r, d, rows, columns, dw, db, accumulate: false);
                Close(Difference(v => Dot(Row(x, w, v, rows, columns, true), d), b, 3), [.. db.Take(3)], 1e-6);
            }
            else
            {
                RmsNorm.Forward(x, w, rows, columns, Epsilon, y, r);
                RmsNorm.Backward(x, w, r, d, rows, columns, dx, accumulate: false);
                RmsNorm.BackwardWeight(x, r, d, rows, columns, dw, accumulate: false);
            }
            Close(Difference(v => Dot(Row(v, w, centred ? b : null, rows, columns, centred), d), x, 6), [.. dx.Take(6)], 1e-6);
            Close(Difference(v => Dot(Row(x, v, centred ? b : null, rows, columns, centred), d), w, 6), [.. dw.Take(6)], 1e-6);

            // Adding is a second rounding, and nothing else.
            double[] twice = (double[])dx.Clone();
            if (centred)
                LayerNorm.Backward(x, w, m, r, d, rows, columns, twice, accumulate: true);
            else
                RmsNorm.Backward(x, w, r, d, rows, columns, twice, accumulate: true);
            Assert.Equal(dx.Select(v => v + v), twice);
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Batch_norm_is_its_formula_and_its_gradients_are_differences(int outer, int channels, int inner)
    {
        var shape = new ChannelShape(outer, channels, inner);
        double[] x = Samples.Doubles(outer * channels * inner, 1), w = Samples.Doubles(channels, 2), b = Samples.Doubles(channels, 3), d = Samples.Doubles(x.Length, 4);
        double[] y = new double[x.Length], m = new double[channels], v = new double[channels], dx = new double[x.Length], dw = new double[channels], db = new double[channels];
        BatchNorm.ForwardTraining(x, w, b, shape, Epsilon, y, m, v);
        Close(Batch(x, w, b, shape), y, 1e-12);
        BatchNorm.Backward(x, w, m, v, isBatch: true, d, shape, Epsilon, dx, dw, db, accumulate: false);
        Close(Difference(p => Dot(Batch(p, w, b, shape), d), x, 6), [.. dx.Take(6)], 1e-6);
        Close(Difference(p => Dot(Batch(x, p, b, shape), d), w, 3), [.. dw.Take(3)], 1e-6);
        Close(Difference(p => Dot(Batch(x, w, p, shape), d), b, 3), [.. db.Take(3)], 1e-6);

        // With given statistics the map is affine: the same values, and a diagonal Jacobian.
        double[] same = new double[x.Length], diagonal = new double[x.Length];
        BatchNorm.Forward(x, w, b, m, v, shape, Epsilon, same);
        Assert.Equal(y, same);
        BatchNorm.Backward(x, w, m, v, isBatch: false, d, shape, Epsilon, diagonal, default, default, accumulate: false);
        for (int i = 0; i < x.Length; i++)
        {
            int c = i / inner % channels;
            Assert.Equal(d[i] * w[c] / Math.Sqrt(v[c] + Epsilon), diagonal[i], 1e-12 * (1 + Math.Abs(diagonal[i])));
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Channels_last_is_the_same_norm(int outer, int channels, int inner)
    {
        float[] x = Samples.Floats(outer * channels * inner, 1), last = new float[x.Length], y = new float[x.Length], z = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
            last[Last(i)] = x[i];
        BatchNorm.ForwardTraining(x, default, default, new ChannelShape(outer, channels, inner), 1e-5f, y, new float[channels], new float[channels]);
        BatchNorm.ForwardTraining(last, default, default, new ChannelShape(outer * inner, channels, 1), 1e-5f, z, new float[channels], new float[channels]);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(y[i], z[Last(i)], 2e-5f * (1 + Math.Abs(y[i])));

        int Last(int i) => (i / (channels * inner) * inner + i % inner) * channels + i / inner % channels;
    }

    [Theory]
    [InlineData(2, 4, 6, 2)]
    [InlineData(3, 4, 1, 2)]
    [InlineData(2, 6, 49, 6)]
    [InlineData(1, 2, 2500, 1)]
    public void Group_norm_is_its_formula_and_its_gradients_are_differences(int outer, int channels, int inner, int groups)
    {
        var shape = new ChannelShape(outer, channels, inner);
        double[] x = Samples.Doubles(outer * channels * inner, 1), w = Samples.Doubles(channels, 2), b = Samples.Doubles(channels, 3), d = Samples.Doubles(x.Length, 4);
        double[] y = new double[x.Length], m = new double[outer * groups], r = new double[outer * groups], dx = new double[x.Length], dw = new double[channels], db = new double[channels];
        GroupNorm.Forward(x, w, b, shape, groups, Epsilon, y, m, r);
        Close(Group(x, w, b, shape, groups), y, 1e-12);
        GroupNorm.Backward(x, w, m, r, d, shape, groups, dx, accumulate: false);
        GroupNorm.BackwardParameters(x, m, r, d, shape, groups, dw, db, accumulate: false);
        Close(Difference(p => Dot(Group(p, w, b, shape, groups), d), x, 6), [.. dx.Take(6)], 1e-6);
        Close(Difference(p => Dot(Group(x, p, b, shape, groups), d), w, 2), [.. dw.Take(2)], 1e-6);
        Close(Difference(p => Dot(Group(x, w, p, shape, groups), d), b, 2), [.. db.Take(2)], 1e-6);
    }

    [Fact]
    public void Two_threads_give_the_same_bits()
    {
        using var team = new WorkerTeam(2);
        const int rows = 150, columns = 301;
        float[] x = Samples.Floats(rows * columns, 1), d = Samples.Floats(x.Length, 2), w = Samples.Floats(columns, 3), b = Samples.Floats(columns, 4);
        float[][] Compute(WorkerTeam? workers)
        {
            float[][] all = [.. Enumerable.Range(0, 12).Select(_ => new float[x.Length])];
            Span<float> m = all[10].AsSpan(0, rows), r = all[11].AsSpan(0, rows);
            LayerNorm.Forward(x, w, b, rows, columns, 1e-5f, all[0], m, r, workers);
            LayerNorm.Backward(x, w, m, r, d, rows, columns, all[1], false, workers);
            LayerNorm.BackwardParameters(x, m, r, d, rows, columns, all[2].AsSpan(0, columns), all[3].AsSpan(0, columns), false, workers);
            Softmax.Forward<float>(x, rows, columns, all[4], workers);
            Softmax.Backward<float>(all[4], d, rows, columns, all[5], false, workers);
            LogSoftmax.Forward<float>(x, rows, columns, all[6], workers);
            var shape = new ChannelShape(50, 3, 301);
            BatchNorm.ForwardTraining(x, default, default, shape, 1e-5f, all[7], all[8].AsSpan(0, 3), all[8].AsSpan(3, 3), workers);
            BatchNorm.Backward<float>(x, default, all[8].AsSpan(0, 3), all[8].AsSpan(3, 3), true, d, shape, 1e-5f, all[9], default, default, false, workers);
            return all;
        }
        Assert.Equal(Compute(null), Compute(team));
    }

    [Fact]
    public void Nothing_outside_of_the_spans_is_touched()
    {
        foreach (int columns in (int[])[1, 3, 15, 16, 17, 63, 64, 65, 127, 129, 200])
        {
            foreach (Guard guard in (Guard[])[Guard.After, Guard.Before])
            {
                using GuardedMemory<float> x = new(Samples.Floats(3 * columns, 1), guard), d = new(Samples.Floats(3 * columns, 2), guard), y = new(3 * columns, guard);
                using GuardedMemory<float> w = new(Samples.Floats(columns, 3), guard), m = new(3, guard), r = new(3, guard), dw = new(columns, guard), v = new(columns, guard);
                LayerNorm.Forward<float>(x.Span, w.Span, w.Span, 3, columns, 1e-5f, y.Span, m.Span, r.Span);
                LayerNorm.Backward<float>(x.Span, w.Span, m.Span, r.Span, d.Span, 3, columns, y.Span, accumulate: false);
                LayerNorm.BackwardParameters<float>(x.Span, m.Span, r.Span, d.Span, 3, columns, dw.Span, default, accumulate: false);
                BatchNorm.ForwardTraining<float>(x.Span, w.Span, default, new(3, columns, 1), 1e-5f, y.Span, dw.Span, v.Span);
                BatchNorm.Backward<float>(x.Span, w.Span, dw.Span, v.Span, true, d.Span, new(3, columns, 1), 1e-5f, y.Span, default, default, accumulate: true);
                GroupNorm.Forward<float>(x.Span, default, default, new(1, 3, columns), 3, 1e-5f, y.Span, m.Span, r.Span);
                GroupNorm.Backward<float>(x.Span, default, m.Span, r.Span, d.Span, new(1, 3, columns), 3, y.Span, accumulate: false);
                Softmax.Forward<float>(x.Span, 3, columns, y.Span);
            }
        }
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused()
    {
        float[] x = new float[6], two = new float[2], three = new float[3];
        Assert.Throws<ArgumentException>(() => LayerNorm.Forward<float>(x, two, default, 2, 3, 1e-5f, new float[6]));
        Assert.Throws<ArgumentException>(() => LayerNorm.Forward<float>(x, default, three, 2, 3, 1e-5f, new float[6]));
        Assert.Throws<ArgumentException>(() => LayerNorm.Backward<float>(x, default, three, two, x, 2, 3, new float[6], false));
        Assert.Throws<ArgumentException>(() => BatchNorm.ForwardTraining<float>(x, default, default, new(2, 3, 1), 1e-5f, new float[6], two, three));
        Assert.Throws<ArgumentException>(() => BatchNorm.ForwardTraining<float>([], default, default, new(0, 3, 1), 1e-5f, [], three, new float[3]));
        Assert.Throws<ArgumentException>(() => GroupNorm.Forward<float>(x, default, default, new(2, 3, 1), 2, 1e-5f, new float[6], new float[4], new float[4]));
    }

    private static double[] Row(double[] x, double[]? w, double[]? b, int rows, int columns, bool centred)
    {
        double[] y = new double[x.Length];
        for (int r = 0; r < rows; r++)
        {
            double[] row = x[(r * columns)..((r + 1) * columns)];
            double mean = centred ? row.Average() : 0, deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + Epsilon);
            for (int c = 0; c < columns; c++)
                y[r * columns + c] = (row[c] - mean) / deviation * (w?[c] ?? 1) + (b?[c] ?? 0);
        }
        return y;
    }

    private static double[] Batch(double[] x, double[] w, double[] b, ChannelShape shape) =>
        Grouped(x, w, b, shape, i => i / shape.Inner % shape.Channels);

    private static double[] Group(double[] x, double[] w, double[] b, ChannelShape shape, int groups) =>
        Grouped(x, w, b, shape, i => i / (shape.Inner * (shape.Channels / groups)));

    private static double[] Grouped(double[] x, double[] w, double[] b, ChannelShape shape, Func<int, int> group)
    {
        double[] y = new double[x.Length];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, x.Length).GroupBy(group))
        {
            double mean = members.Average(i => x[i]), deviation = Math.Sqrt(members.Average(i => (x[i] - mean) * (x[i] - mean)) + Epsilon);
            foreach (int i in members)
            {
                int c = i / shape.Inner % shape.Channels;
                y[i] = (x[i] - mean) / deviation * w[c] + b[c];
            }
        }
        return y;
    }

    private static double[] Difference(Func<double[], double> f, double[] x, int count)
    {
        const double h = 1e-5;
        return [.. Enumerable.Range(0, Math.Min(count, x.Length)).Select(i =>
        {
            double[] up = (double[])x.Clone(), down = (double[])x.Clone();
            up[i] += h;
            down[i] -= h;
            return (f(up) - f(down)) / (2 * h);
        })];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs) + 1;
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] - tolerance * scale, expected[i] + tolerance * scale);
    }

    private static float[] F(double[] x) => Array.ConvertAll(x, v => (float)v);

    private static double[] D(float[] x) => Array.ConvertAll(x, v => (double)v);
}
