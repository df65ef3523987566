using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using Xunit;

namespace FastGrad.Kernels.Tests.Elementwise;

/// <summary>Each ternary operator against its formula in plain C#, and its partial derivatives against finite differences.</summary>
public sealed class TernaryOperatorTests
{
    [Fact] public void FusedMultiplyAdd() => Check(new FusedMultiplyAdd<double>(), Math.FusedMultiplyAdd);

    [Fact]
    public void Lerp() => Check(new Lerp<double>(), (x, y, z) => Math.Abs(z) < 0.5 ? x + z * (y - x) : y - (y - x) * (1 - z));

    [Fact]
    public void Lerp_is_exact_at_both_ends()
    {
        float[] w = new float[2];
        Ternary.Apply(new Lerp<float>(), [1e8f, 1e8f], [1f, 1f], [0f, 1f], w);
        Assert.Equal([1e8f, 1f], w);
    }

    [Fact]
    public void Select_sends_the_gradient_to_the_branch_taken()
    {
        float yes = BitConverter.Int32BitsToSingle(-1);
        float[] mask = [yes, 0, yes], d = [1, 2, 3], g = new float[3];
        Ternary.BackwardFirst(new Select<float>(), mask, [], [], d, g, accumulate: false);
        Assert.Equal([0, 0, 0], g);
        Ternary.BackwardSecond(new Select<float>(), mask, [], [], d, g, accumulate: false);
        Assert.Equal([1, 0, 3], g);
        Ternary.BackwardThird(new Select<float>(), mask, [], [], d, g, accumulate: true);
        Assert.Equal([1, 2, 3], g);
    }

    private static void Check<TOperator>(TOperator op, Func<double, double, double, double> f)
        where TOperator : struct, ITernaryOperator<double>
    {
        double[] x = Samples.Doubles(103, 1), y = Samples.Doubles(103, 2), z = Samples.Doubles(103, 3, -1, 2), d = Samples.Doubles(103, 4);
        double[] w = new double[103], dx = new double[103], dy = new double[103], dz = new double[103];
        Ternary.Apply(op, x, y, z, w);
        Assert.Equal(Enumerable.Range(0, 103).Select(i => f(x[i], y[i], z[i])), w);
        Ternary.BackwardFirst(op, x, y, z, d, dx, accumulate: false);
        Ternary.BackwardSecond(op, x, y, z, d, dy, accumulate: false);
        Ternary.BackwardThird(op, x, y, z, d, dz, accumulate: false);
        double[] gradient = new double[103];
        double[] Kept(double[] values, Residual reads, Residual what) => (TOperator.Residual & reads).HasFlag(what) ? values : [];
        Residual first = TOperator.FirstReads, second = TOperator.SecondReads, third = TOperator.ThirdReads;
        Ternary.BackwardFirst(op, Kept(x, first, Residual.Input), Kept(y, first, Residual.Second), Kept(z, first, Residual.Third), d, gradient, accumulate: false);
        Assert.Equal(dx, gradient);
        Ternary.BackwardSecond(op, Kept(x, second, Residual.Input), Kept(y, second, Residual.Second), Kept(z, second, Residual.Third), d, gradient, accumulate: false);
        Assert.Equal(dy, gradient);
        Ternary.BackwardThird(op, Kept(x, third, Residual.Input), Kept(y, third, Residual.Second), Kept(z, third, Residual.Third), d, gradient, accumulate: false);
        Assert.Equal(dz, gradient);
        const double h = 1e-6;
        for (int i = 0; i < 103; i++)
        {
            Assert.Equal(d[i] * (f(x[i] + h, y[i], z[i]) - f(x[i] - h, y[i], z[i])) / (2 * h), dx[i], 1e-7);
            Assert.Equal(d[i] * (f(x[i], y[i] + h, z[i]) - f(x[i], y[i] - h, z[i])) / (2 * h), dy[i], 1e-7);
            Assert.Equal(d[i] * (f(x[i], y[i], z[i] + h) - f(x[i], y[i], z[i] - h)) / (2 * h), dz[i], 1e-7);
        }
    }
}
