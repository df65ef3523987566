using FastGrad.Autograd;
using FastGrad.Losses;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Losses;

public sealed class LossTests
{
    private const double Epsilon = 2.220446049250313e-16;

    [Fact]
    public void KnownAnswers()
    {
        Tensor<double> p = Tensor.From<double>(1, 2, 3), y = Tensor.From<double>(1, 0, 5);
        Assert.Equal([0, 4, 4.0], new MeanSquaredError<double>(Reduction.None).Forward(p, y).ToArray());
        Assert.Equal(8, new MeanSquaredError<double>(Reduction.Sum).Forward(p, y).Item());
        Assert.Equal(8.0 / 3, new MeanSquaredError<double>().Forward(p, y).Item());

        // Logit 0 is an even chance: log 2 whatever the target. Far out it is the distance, and 0 on the right side.
        BinaryCrossEntropy<double> bce = new(Reduction.None);
        double[] terms = bce.Forward(Tensor.From<double>(0, 0, 1000, 1000, -1000, -1000), Tensor.From<double>(0, 1, 0, 1, 0, 1)).ToArray();
        Assert.Equal([Math.Log(2), Math.Log(2), 1000, 0, 0, 1000], terms);

        CrossEntropy<double> ce = new(Reduction.None);
        double[] rows = ce.Forward(Tensor.From(new double[,] { { 7, 7, 7, 7 }, { 0, 1000, 0, 0 }, { 0, 1000, 0, 0 } }), Tensor.From<int>(2, 1, 0)).ToArray();
        Assert.Equal(Math.Log(4), rows[0], 1e-15);
        Assert.Equal([0, 1000.0], rows[1..]);
    }

    [Property]
    public Property TheGradientOfBceIsSigmaMinusY(NormalFloat logit, bool label, byte soft)
    {
        double z = logit.Get % 700, y = soft == 0 ? (label ? 1 : 0) : soft / 255.0;
        Tensor<double> x = Tensor.From<double>(z);
        x.RequiresGrad = true;
        new BinaryCrossEntropy<double>(Reduction.Sum).Forward(x, Tensor.From<double>(y)).Backward();
        // σ(z) − y without cancellation where y is 1: −σ(−z).
        double expected = y == 1 ? -1 / (1 + Math.Exp(z)) : 1 / (1 + Math.Exp(-z)) - y;
        double actual = x.Grad!.Item();
        double bound = y is 0 or 1 ? 8 * Epsilon * Math.Abs(expected) : 8 * Epsilon;
        return (Math.Abs(actual - expected) <= bound).Label($"z = {z:R}, y = {y:R}: {actual:R}, expected {expected:R}");
    }

    [Property]
    public Property TheGradientOfCrossEntropyIsPMinusOnehot(NormalFloat[] logits, uint label)
    {
        double[] z = [.. logits.Select(l => l.Get % 30), 0.5];
        int chosen = (int)(label % (uint)z.Length);
        Tensor<double> x = Tensor.From<double>(z, [1, z.Length]);
        x.RequiresGrad = true;
        new CrossEntropy<double>(Reduction.Sum).Forward(x, Tensor.From<int>(chosen)).Backward();
        double total = z.Sum(Math.Exp);
        double worst = z.Select((v, j) => Math.Abs(x.Grad![0, j] - (Math.Exp(v) / total - (j == chosen ? 1 : 0)))).Max();
        return (worst <= 64 * Epsilon).Label($"error {worst:E2}");
    }

    [Property]
    public Property JensenAndTheFirstOrderBoundHold(NormalFloat[] a, NormalFloat[] b, byte weight, uint label)
    {
        int n = Math.Min(a.Length, b.Length) + 1;
        double[] u = Point(a, n, 0.3), v = Point(b, n, -0.8);
        double t = weight / 255.0;
        Property all = true.ToProperty();
        foreach ((Loss<double> loss, Target<double> target, Shape shape) in Losses(n, label))
        {
            double at(double[] x) => loss.Forward(Tensor.From<double>(x, shape), target).Item();
            double fu = at(u), fv = at(v), mixed = at([.. u.Zip(v, (p, q) => t * p + (1 - t) * q)]);
            double scale = Scale(loss, u, v, shape, target);
            all = all.And((mixed <= t * fu + (1 - t) * fv + 16 * Epsilon * scale).Label($"{loss.Name}: Jensen, {mixed:R} > {t * fu + (1 - t) * fv:R}"));

            Tensor<double> x = Tensor.From<double>(u, shape);
            double[] gradient = Transforms.Grad<double>(w => loss.Forward(w, target))(x).ToArray();
            double[] d = [.. v.Zip(u, (q, p) => q - p)];
            double slope = gradient.Zip(d, (g, e) => g * e).Sum(), norm = d.Sum(e => e * e);
            double steep = gradient.Zip(d, (g, e) => Math.Abs(g * e)).Sum();
            double slack = 16 * Epsilon * (scale + steep);
            all = all
                .And((fv >= fu + slope + loss.Curvature.StrongConvexity / 2 * norm - slack).Label($"{loss.Name}: lower bound"))
                .And((fv <= fu + slope + loss.Curvature.Smoothness / 2 * norm + slack).Label($"{loss.Name}: upper bound"));
        }
        return all;
    }

    [Fact]
    public void TheSmoothnessConstantsAreAttained()
    {
        // Curvature along a direction: σ′(0) = ¼, and ½ for two equal logits along (1, −1)/√2. So no smaller constant would hold.
        Tensor<double> zero = Tensor.From<double>(0.0);
        Assert.Equal(0.25, Transforms.Hvp<double>(z => new BinaryCrossEntropy<double>(Reduction.Sum).Forward(z, Tensor.From<double>(1.0)), zero, Tensor.From<double>(1.0)).Item(), 1e-15);
        Tensor<double> row = Tensor.From(new double[,] { { 0, 0, -800 } });
        double h = Math.Sqrt(0.5);
        double[] product = Transforms.Hvp<double>(z => new CrossEntropy<double>(Reduction.Sum).Forward(z, Tensor.From<int>(2)), row, Tensor.From(new double[,] { { h, -h, 0 } })).ToArray();
        Assert.Equal(0.5, h * product[0] - h * product[1], 1e-15);
        Assert.Equal(new Curvature(true, 0, 0.25) { IsConvexInLogits = true }, new BinaryCrossEntropy<float>().Curvature);
        Assert.Equal(new Curvature(true, 0, 0.5) { IsConvexInLogits = true, IsOfRows = true }, new CrossEntropy<float>().Curvature);
        Assert.Equal(new Curvature(true, 2, 2) { IsConvexInLogits = false }, new MeanSquaredError<float>().Curvature);
    }

    [Fact]
    public void SecondDerivativesAgreeWithDifferences()
    {
        Tensor<double> target = Tensor.From<double>(0, 1, 0.3);
        foreach (Loss<double> loss in new Loss<double>[] { new MeanSquaredError<double>(), new BinaryCrossEntropy<double>() })
        {
            double[,] hessian = new double[3, 3];
            double[] at = [-1.3, 0.4, 2.2];
            Tensor<double> analytic = Transforms.Hessian<double>(z => loss.Forward(z, target), Tensor.From<double>(at));
            for (int j = 0; j < 3; j++)
            {
                double[] gradient(double step)
                {
                    double[] moved = [.. at];
                    moved[j] += step;
                    return Transforms.Grad<double>(z => loss.Forward(z, target))(Tensor.From<double>(moved)).ToArray();
                }
                double[] up = gradient(1e-5), down = gradient(-1e-5);
                for (int i = 0; i < 3; i++)
                    Assert.Equal((up[i] - down[i]) / 2e-5, analytic[i, j], 1e-9);
            }
        }
    }

    [Fact]
    public void WrongTargetsGetASentence()
    {
        Tensor<float> p = Tensor.Zeros<float>([4, 1]);
        string shape = Assert.Throws<ArgumentException>(() => new MeanSquaredError<float>().Forward(p, Tensor.Zeros<float>([4]))).Message;
        Assert.Contains("[4]", shape, StringComparison.Ordinal);
        Assert.Contains("[4, 1]", shape, StringComparison.Ordinal);
        Assert.Contains("labels of shape [4]", Assert.Throws<ArgumentException>(() => new BinaryCrossEntropy<float>().Forward(p, Tensor.Zeros<int>([4]))).Message, StringComparison.Ordinal);
        Assert.Contains("Tensor<int>", Assert.Throws<ArgumentException>(() => new CrossEntropy<float>().Forward(p, Tensor.Zeros<float>([4]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy<float>().Forward(p, Tensor.From<int>(0, 0, 1, 0)));
    }

    private static IEnumerable<(Loss<double>, Target<double>, Shape)> Losses(int n, uint label)
    {
        yield return (new MeanSquaredError<double>(Reduction.Sum), Tensor.From<double>([.. Enumerable.Range(0, n).Select(i => Math.Sin(i))]), [n]);
        yield return (new BinaryCrossEntropy<double>(Reduction.Sum), Tensor.From<double>([.. Enumerable.Range(0, n).Select(i => (i + label) % 3 / 2.0)]), [n]);
        yield return (new CrossEntropy<double>(Reduction.Sum), Tensor.From<int>((int)(label % (uint)n)), [1, n]);
    }

    // What the loss adds up: the magnitudes behind its rounding errors.
    private static double Scale(Loss<double> loss, double[] u, double[] v, Shape shape, Target<double> target) =>
        1 + Math.Abs(loss.Forward(Tensor.From<double>(u, shape), target).Item()) + Math.Abs(loss.Forward(Tensor.From<double>(v, shape), target).Item())
        + u.Concat(v).Sum(x => Math.Abs(x) + (loss is MeanSquaredError<double> ? x * x : 0));

    private static double[] Point(NormalFloat[] values, int n, double last) => [.. values.Take(n - 1).Select(x => x.Get % 50), last];
}
