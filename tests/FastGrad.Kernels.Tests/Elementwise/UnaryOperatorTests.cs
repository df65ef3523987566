using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using Xunit;

namespace FastGrad.Kernels.Tests.Elementwise;

/// <summary>Each unary operator against its formula in plain C#, and its derivative against finite differences.</summary>
public sealed class UnaryOperatorTests
{
    [Fact] public void Negate() => Check(new Negate<double>(), new Negate<float>(), x => -x);
    [Fact] public void Abs() => Check(new Abs<double>(), new Abs<float>(), Math.Abs);
    [Fact] public void Square() => Check(new Square<double>(), new Square<float>(), x => x * x);
    [Fact] public void Reciprocal() => Check(new Reciprocal<double>(), new Reciprocal<float>(), x => 1 / x);
    [Fact] public void Sign() => Check(new Sign<double>(), new Sign<float>(), x => Math.Sign(x));
    [Fact] public void Floor() => Check(new Floor<double>(), new Floor<float>(), Math.Floor);
    [Fact] public void Ceiling() => Check(new Ceiling<double>(), new Ceiling<float>(), Math.Ceiling);
    [Fact] public void Round() => Check(new Round<double>(), new Round<float>(), Math.Round);
    [Fact] public void Truncate() => Check(new Truncate<double>(), new Truncate<float>(), Math.Truncate);
    [Fact] public void AddScalar() => Check(new AddScalar<double>(0.75), new AddScalar<float>(0.75f), x => x + 0.75);
    [Fact] public void MultiplyScalar() => Check(new MultiplyScalar<double>(-1.5), new MultiplyScalar<float>(-1.5f), x => x * -1.5);
    [Fact] public void Clamp() => Check(new Clamp<double>(-1, 1.25), new Clamp<float>(-1, 1.25f), x => Math.Clamp(x, -1, 1.25));

    [Fact]
    public void Conventions_at_kinks_and_special_values()
    {
        Assert.Equal(0, new Abs<double>().Derivative(new Kernels.Simd.Lane<double>(0)).Value);
        Assert.Equal(0, new Abs<double>().Derivative(new Kernels.Simd.Lane<double>(-0.0)).Value);
        double[] y = Apply(new Sign<double>(), [double.NaN, -0.0, double.NegativeInfinity, double.PositiveInfinity]);
        Assert.Equal([0, 0, -1, 1], y);
        y = Apply(new Clamp<double>(-1, 1), [double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1, 1]);
        Assert.Equal([double.NaN, -1, 1, -1, 1], y);
        Assert.Equal([0, 0, 0, 1, 1], Derivative(new Clamp<double>(-1, 1), [double.NaN, double.NegativeInfinity, 1.5, -1, 1]));
        Assert.Equal([-2.0, -2.0], Apply(new Clamp<double>(1, -2), [0.0, -5.0]));
        Assert.Equal([-2.0, 2.0, 0.0, -0.0], Apply(new Round<double>(), [-2.5, 1.5, 0.5, -0.5]));
        Assert.True(double.IsNegative(Apply(new Negate<double>(), [0.0])[0]));
    }

    private static double[] Apply<TOperator>(TOperator op, double[] x)
        where TOperator : struct, IUnaryOperator<double>
    {
        var y = new double[x.Length];
        Unary.Apply<TOperator, double>(op, x, y);
        return y;
    }

    private static double[] Derivative<TOperator>(TOperator op, double[] residual)
        where TOperator : struct, IUnaryOperator<double>
    {
        double[] dy = new double[residual.Length], dx = new double[residual.Length];
        dy.AsSpan().Fill(1);
        Unary.Backward(op, dy, residual, dx, accumulate: false);
        return dx;
    }

    private static void Check<TDouble, TSingle>(TDouble op, TSingle single, Func<double, double> reference)
        where TDouble : struct, IUnaryOperator<double>
        where TSingle : struct, IUnaryOperator<float>
    {
        double[] x = Array.FindAll(Samples.Doubles(400, 1), v => Math.Abs(v - Math.Round(v * 4) / 4) > 1e-3);
        double[] y = Apply(op, x);
        Assert.Equal(Array.ConvertAll(x, v => reference(v)), y);

        float[] xs = Array.ConvertAll(x, v => (float)v), ys = new float[x.Length];
        Unary.Apply<TSingle, float>(single, xs, ys);
        Assert.Equal(Array.ConvertAll(xs, v => (float)reference(v)), ys); // one correctly rounded operation each

        double[] slope = Derivative(op, TDouble.Residual == Residual.Output ? y : x);
        for (int i = 0; i < x.Length; i++)
        {
            const double h = 1e-5;
            double numeric = (reference(x[i] + h) - reference(x[i] - h)) / (2 * h);
            Assert.True(Math.Abs(numeric - slope[i]) <= 1e-6 * Math.Max(Math.Abs(slope[i]), 1) * Math.Max(1, 1 / Math.Pow(x[i], 4)), $"f'({x[i]}): {slope[i]}, numeric {numeric}");
        }
    }
}
