using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Parameters;
using FastGrad.Plugins.FirstOrder;

namespace FastGrad.Optimization.Tests.Engine;

public class GradientTests
{
    [Fact]
    public void Clipping_by_norm_scales_all_gradients_alike()
    {
        ArrayParameter<double> a = new("a", [0, 0], [3, 0]), b = new("b", [0.0], [4.0]), absent = new("c", [0.0]);
        (double norm, double coefficient) = GradientClipping.ByNorm<double>([a, b, absent], 1);
        Assert.Equal(5, norm, 1e-15);
        Assert.Equal(1 / (5 + 1e-6), coefficient, 1e-15);
        Assert.Equal(3 / (5 + 1e-6), a.Gradient![0], 1e-15);
        Assert.Equal(4 / (5 + 1e-6), b.Gradient![0], 1e-15);
    }

    [Fact]
    public void Within_the_bound_nothing_changes()
    {
        ArrayParameter<float> a = new("a", [0f, 0f], [0.3f, 0.4f]);
        Assert.Equal(1, GradientClipping.ByNorm<float>([a], 0.51).Coefficient);
        Assert.Equal([0.3f, 0.4f], a.Gradient!);
    }

    [Fact]
    public void Clipping_by_value_keeps_NaN()
    {
        ArrayParameter<float> a = new("a", new float[5], [-3f, 0.5f, float.PositiveInfinity, float.NaN, -0.25f]);
        GradientClipping.ByValue<float>([a], 0.5);
        Assert.Equal([-0.5f, 0.5f, 0.5f, float.NaN, -0.25f], a.Gradient!);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    [InlineData(1e-44f)]
    [InlineData(3e38f)]
    [InlineData(0f)]
    public void The_norm_survives_numbers_whose_squares_do_not(float magnitude)
    {
        float[] g = [.. Enumerable.Range(0, 1000).Select(i => magnitude * (i % 7 - 3) / 3)];
        double expected = Math.Sqrt(g.Sum(x => (double)x * x));
        Assert.Equal(expected, GradientClipping.Norm<float>([new ArrayParameter<float>("a", g, g)]), expected * 1e-6);
        double[] d = [.. g.Select(x => 1e270 * x / (magnitude == 0 ? 1 : magnitude))];
        double scaled = 1e270 * Math.Sqrt(d.Sum(x => x / 1e270 * (x / 1e270)));
        Assert.Equal(scaled, GradientClipping.Norm<double>([new ArrayParameter<double>("a", d, d)]), scaled * 1e-14);
    }

    [Fact]
    public void The_norm_of_parameters_of_distant_sizes_is_that_of_all()
    {
        ArrayParameter<double> huge = new("huge", [0, 0], [3e200, 0]), tiny = new("tiny", [0, 0], [1e-200, 1]), zero = new("zero", [0.0], [0.0]);
        Assert.Equal(3e200, GradientClipping.Norm<double>([zero, tiny, huge]));
        Assert.Equal(5e-200, GradientClipping.Norm<double>([new ArrayParameter<double>("a", [0.0], [3e-200]), zero, new ArrayParameter<double>("b", [0.0], [-4e-200])]), 1e-214);
        Assert.Equal(0, GradientClipping.Norm<double>([zero]));
        huge.Gradient![1] = double.NaN;
        Assert.True(double.IsNaN(GradientClipping.Norm<double>([zero, tiny, huge])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(4095)]
    [InlineData(10_001)]
    public void The_norm_is_that_of_all_elements(int length)
    {
        double[] g = [.. Enumerable.Range(0, length).Select(i => Math.Sin(i))];
        double expected = Math.Sqrt(g.Sum(x => x * x));
        Assert.Equal(expected, GradientClipping.Norm<double>([new ArrayParameter<double>("a", g, g)]), 1e-12 * expected);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_bad_gradient_is_skipped_or_thrown_or_let_through_as_asked(double bad)
    {
        ArrayParameter<double> good = new("good", [1.0], [1.0]), broken = new("broken", [1.0, 1.0], [0.0, bad]);
        Optimizer<double> skipping = Create(NonFinitePolicy.Skip), throwing = Create(NonFinitePolicy.Throw), careless = Create(NonFinitePolicy.Propagate);

        Assert.False(skipping.Step().Applied);
        Assert.Equal((0, 1.0, 1.0), (skipping.Updates, good.Values[0], broken.Values[1]));
        ArithmeticException error = Assert.Throws<ArithmeticException>(() => throwing.Step());
        Assert.Equal("sgd: the gradient of 'broken [2] Weight' holds a NaN or an infinity at update 0.", error.Message);
        Assert.Equal((0, 1.0), (throwing.Updates, good.Values[0]));
        Assert.True(careless.Step().Applied);
        Assert.False(double.IsFinite(broken.Values[1]));

        Optimizer<double> Create(NonFinitePolicy policy) =>
            new Sgd().Create<double>([good, broken], new SgdOptions { LearningRate = 0.5 }, new() { NonFinite = policy });
    }

    [Fact]
    public void A_step_reports_the_norm_before_clipping()
    {
        ArrayParameter<float> a = new("a", [0f, 0f], [30f, 40f]);
        Optimizer<float> optimizer = new Sgd().Create<float>([a], new SgdOptions { LearningRate = 1 }, new() { ClipNorm = 5 });
        StepReport report = optimizer.Step();
        Assert.Equal((true, 50.0), (report.Applied, report.GradientNorm));
        Assert.Equal(0.1, report.ClipCoefficient, 1e-7);
        Assert.Equal(-3, a.Values[0], 1e-5);
        Assert.True(double.IsNaN(new Sgd().Create<float>([a]).Step().GradientNorm));
        Assert.Equal(5, new Sgd().Create<float>([a], settings: new() { MeasureNorm = true }).Step().GradientNorm, 1e-5);
    }

    [Fact]
    public void A_step_clips_by_value_and_then_by_norm()
    {
        ArrayParameter<double> a = new("a", [0.0, 0.0], [-30.0, 0.5]);
        Assert.True(new Sgd().Create<double>([a], new SgdOptions { LearningRate = 1 }, new() { ClipValue = 2 }).Step().Applied);
        Assert.Equal([2.0, -0.5], a.Values);

        ArrayParameter<double> b = new("b", [0.0, 0.0], [-30.0, 40.0]);
        StepReport report = new Sgd().Create<double>([b], new SgdOptions { LearningRate = 1 }, new() { ClipValue = 2, ClipNorm = 1 }).Step();
        Assert.Equal(Math.Sqrt(8), report.GradientNorm, 1e-14);
        Assert.Equal(Math.Sqrt(0.5), b.Values[0], 1e-6);
        Assert.Equal(-Math.Sqrt(0.5), b.Values[1], 1e-6);
    }

    [Theory]
    [InlineData(0.0, null)]
    [InlineData(double.NaN, null)]
    [InlineData(null, -1.0)]
    public void Bounds_must_be_positive(double? norm, double? value) => Assert.Throws<ArgumentException>(
        () => new Sgd().Create<float>([new ArrayParameter<float>("a", [0f])], settings: new() { ClipNorm = norm, ClipValue = value }));
}
