using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Simd;
using Xunit;

namespace FastGrad.Kernels.Tests.Elementwise;

/// <summary>Each binary operator against its formula in plain C#, and its partial derivatives against finite differences.</summary>
public sealed class BinaryOperatorTests
{
    [Fact] public void Add() => Check(new Add<double>(), new Add<float>(), (x, y) => x + y);
    [Fact] public void Subtract() => Check(new Subtract<double>(), new Subtract<float>(), (x, y) => x - y);
    [Fact] public void Multiply() => Check(new Multiply<double>(), new Multiply<float>(), (x, y) => x * y);
    [Fact] public void Divide() => Check(new Divide<double>(), new Divide<float>(), (x, y) => x / y);
    [Fact] public void Maximum() => Check(new Maximum<double>(), new Maximum<float>(), Math.Max);
    [Fact] public void Minimum() => Check(new Minimum<double>(), new Minimum<float>(), Math.Min);
    [Fact] public void GreaterOf() => Check(new GreaterOf<double>(), new GreaterOf<float>(), (x, y) => x > y ? x : y);
    [Fact] public void LesserOf() => Check(new LesserOf<double>(), new LesserOf<float>(), (x, y) => x < y ? x : y);
    [Fact] public void CopySign() => Check(new CopySign<double>(), new CopySign<float>(), Math.CopySign);
    [Fact] public void AddScaled() => Check(new AddScaled<double>(-0.5), new AddScaled<float>(-0.5f), (x, y) => x + -0.5 * y);

    [Fact]
    public void Maximum_and_minimum_follow_torch_at_ties_and_nan()
    {
        double nan = double.NaN;
        double[] x = [1, nan, 1, nan, 2], y = [1, 1, nan, nan, 3], d = [8, 8, 8, 8, 8];
        Assert.Equal([1, nan, nan, nan, 3], Apply(new Maximum<double>(), x, y));
        Assert.Equal([1, nan, nan, nan, 2], Apply(new Minimum<double>(), x, y));
        Assert.Equal([4, 8, 8, 8, 0], Left(new Maximum<double>(), x, y, d));
        Assert.Equal([4, 8, 8, 8, 8], Right(new Maximum<double>(), x, y, d));
        Assert.Equal([4, 8, 8, 8, 8], Left(new Minimum<double>(), x, y, d));
        Assert.Equal([4, 8, 8, 8, 0], Right(new Minimum<double>(), x, y, d));
    }

    [Fact]
    public void GreaterOf_and_LesserOf_take_the_second_operand_at_ties_and_nan()
    {
        double nan = double.NaN;
        double[] x = [0.0, nan, 1, -0.0], y = [-0.0, 1, nan, 0.0], d = [8, 8, 8, 8];
        Assert.Equal(Array.ConvertAll(y, BitConverter.DoubleToInt64Bits), Array.ConvertAll(Apply(new GreaterOf<double>(), x, y), BitConverter.DoubleToInt64Bits));
        Assert.Equal(Array.ConvertAll(y, BitConverter.DoubleToInt64Bits), Array.ConvertAll(Apply(new LesserOf<double>(), x, y), BitConverter.DoubleToInt64Bits));
        Assert.Equal([0, 0, 0, 0], Left(new GreaterOf<double>(), x, y, d));
        Assert.Equal(d, Right(new GreaterOf<double>(), x, y, d));
        Assert.Equal(d, Right(new LesserOf<double>(), x, y, d));
    }

    [Fact]
    public void Masks_are_all_bits_or_none_and_select_reads_them()
    {
        float nan = float.NaN;
        float[] x = new float[37], y = new float[37];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (i % 4) switch { 0 => 1, 1 => 2, 2 => 2, _ => nan };
            y[i] = (i % 4) switch { 0 => 2, 1 => 1, 2 => 2, _ => 0 };
        }
        CheckMask(new GreaterThan<float>(), x, y, [0, -1, 0, 0]);
        CheckMask(new GreaterThanOrEqual<float>(), x, y, [0, -1, -1, 0]);
        CheckMask(new LessThan<float>(), x, y, [-1, 0, 0, 0]);
        CheckMask(new LessThanOrEqual<float>(), x, y, [-1, 0, -1, 0]);
        CheckMask(new EqualTo<float>(), x, y, [0, 0, -1, 0]);

        float[] greater = new float[37], equal = new float[37], both = new float[37], selected = new float[37];
        Binary.Apply(new GreaterThan<float>(), x, y, greater);
        Binary.Apply(new EqualTo<float>(), x, y, equal);
        CheckMask(new MaskOr<float>(), greater, equal, [0, -1, -1, 0]);
        CheckMask(new MaskAnd<float>(), greater, equal, [0, 0, 0, 0]);
        Unary.Apply(new MaskNot<float>(), greater, both);
        Assert.Equal([-1, 0, -1, -1], Samples.Bits(both)[..4]);
        Ternary.Apply(new Select<float>(), greater, [5f], [6f], selected);
        Assert.Equal([6f, 5f, 6f, 6f], selected[..4]);
        Assert.Equal([6f, 5f, 6f, 6f], selected[32..36]);
    }

    private static void CheckMask<TOperator>(TOperator op, float[] x, float[] y, int[] period)
        where TOperator : struct, IBinaryOperator<float>
    {
        float[] mask = new float[x.Length], gradient = new float[x.Length];
        Binary.Apply(op, x, y, mask);
        Assert.Equal(Enumerable.Range(0, x.Length).Select(i => period[i % 4]), Samples.Bits(mask));
        Binary.BackwardLeft(op, [], [], [], [7f], gradient, accumulate: false);
        Assert.All(gradient, g => Assert.Equal(0f, g));
        gradient.AsSpan().Fill(3);
        Binary.BackwardRight(op, [], [], [], [7f], gradient, accumulate: true);
        Assert.All(gradient, g => Assert.Equal(3f, g));
    }

    private static double[] Apply<TOperator>(TOperator op, double[] x, double[] y)
        where TOperator : struct, IBinaryOperator<double>
    {
        var z = new double[x.Length];
        Binary.Apply<TOperator, double>(op, x, y, z);
        return z;
    }

    private static double[] Left<TOperator>(TOperator op, double[] x, double[] y, double[] d)
        where TOperator : struct, IBinaryOperator<double>
    {
        var dx = new double[x.Length];
        Binary.BackwardLeft(op, x, y, Apply(op, x, y), d, dx, accumulate: false);
        return dx;
    }

    private static double[] Right<TOperator>(TOperator op, double[] x, double[] y, double[] d)
        where TOperator : struct, IBinaryOperator<double>
    {
        var dy = new double[x.Length];
        Binary.BackwardRight(op, x, y, Apply(op, x, y), d, dy, accumulate: false);
        return dy;
    }

    /// <summary>What an operator says it does not read may be absent.</summary>
    private static void CheckReads<TOperator>(TOperator op, double[] x, double[] y, double[] z, double[] d, double[] dx, double[] dy)
        where TOperator : struct, IBinaryOperator<double>
    {
        double[] gradient = new double[x.Length];
        double[] Kept(double[] values, Residual reads, Residual what) => (TOperator.Residual & reads).HasFlag(what) ? values : [];
        Residual left = TOperator.LeftReads, right = TOperator.RightReads;
        Binary.BackwardLeft(op, Kept(x, left, Residual.Input), Kept(y, left, Residual.Second), Kept(z, left, Residual.Output), d, gradient, accumulate: false);
        Assert.Equal(dx, gradient);
        Binary.BackwardRight(op, Kept(x, right, Residual.Input), Kept(y, right, Residual.Second), Kept(z, right, Residual.Output), d, gradient, accumulate: false);
        Assert.Equal(dy, gradient);
    }

    private static void Check<TDouble, TSingle>(TDouble op, TSingle single, Func<double, double, double> reference)
        where TDouble : struct, IBinaryOperator<double>
        where TSingle : struct, IBinaryOperator<float>
    {
        double[] x = Samples.Doubles(301, 1), y = Array.ConvertAll(Samples.Doubles(301, 2), v => v + Math.CopySign(0.1, v)), d = Samples.Doubles(301, 3);
        double[] z = Apply(op, x, y);
        Assert.Equal(x.Zip(y, reference), z);

        // One or two operations each: through double they round to the same float, or to its neighbour.
        float[] xs = Array.ConvertAll(x, v => (float)v), ys = Array.ConvertAll(y, v => (float)v), zs = new float[x.Length];
        Binary.Apply<TSingle, float>(single, xs, ys, zs);
        for (int i = 0; i < xs.Length; i++)
            Assert.Equal(reference(xs[i], ys[i]), zs[i], 1e-6 * (Math.Abs(xs[i]) + Math.Abs(ys[i]) + Math.Abs(zs[i])));

        double[] dx = Left(op, x, y, d), dy = Right(op, x, y, d);
        CheckReads(op, x, y, z, d, dx, dy);
        const double h = 1e-6;
        for (int i = 0; i < x.Length; i++)
        {
            if (Math.Abs(x[i] - y[i]) < 10 * h || Math.Abs(x[i]) < 10 * h)
                continue;
            double left = d[i] * (reference(x[i] + h, y[i]) - reference(x[i] - h, y[i])) / (2 * h);
            double right = d[i] * (reference(x[i], y[i] + h) - reference(x[i], y[i] - h)) / (2 * h);
            Assert.True(Math.Abs(left - dx[i]) <= 1e-6 * Math.Max(1, Math.Abs(left)), $"d/dx at ({x[i]}, {y[i]}): {dx[i]}, numeric {left}");
            Assert.True(Math.Abs(right - dy[i]) <= 1e-6 * Math.Max(1, Math.Abs(right)), $"d/dy at ({x[i]}, {y[i]}): {dy[i]}, numeric {right}");
        }
    }
}
