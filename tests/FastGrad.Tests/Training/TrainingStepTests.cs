using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

public sealed class TrainingStepTests
{
    private static readonly double[] Inputs = [.. Enumerable.Range(0, 24).Select(i => Math.Sin(1.3 * i))];
    private static readonly int[] Labels = [0, 1, 2, 1, 0, 2, 2, 1];

    private static Tensor<double> X(int from = 0, int rows = 8) => Tensor.From<double>(Inputs.AsSpan(3 * from, 3 * rows), [rows, 3]);

    private static Tensor<int> Y(int from = 0, int rows = 8) => Tensor.From<int>(Labels.AsSpan(from, rows));

    private static Module<double> Mlp() => new Sequential<double>(new Linear<double>(3, 5), new Tanh<double>(), new Linear<double>(5, 3)).Initialize(4);

    private static TrainingStep<double> Step(Module<double> model, string optimizer = "sgd", double rate = 0.5, OptimizerSettings? settings = null, TrainingStepOptions? options = null, Loss<double>? loss = null) =>
        new(model, loss ?? new CrossEntropy<double>(), OptimizerRegistry.Standard[optimizer].Create<double>(model.NamedParameters(), new OptionValues { { "lr", rate } }, settings), options);

    private static double[] Values(Module<double> model) => [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];

    private static double[] Gradient(Module<double> model) => [.. model.NamedParameters().SelectMany(p => p.Tensor.Grad!.ToArray())];

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{i}: {actual[i]:R}, expected {expected[i]:R}");
    }

    [Fact]
    public void TheGradientsOfAWholeMlpAgreeWithDifferences()
    {
        Module<double> model = new Sequential<double>(new Linear<double>(3, 5), new Gelu<double>(), new Linear<double>(5, 4), new Silu<double>(), new Linear<double>(4, 3)).Initialize(4);
        CrossEntropy<double> loss = new();
        loss.Forward(model.Forward(X()), Y()).Backward();
        double[] analytic = Gradient(model);
        int k = 0;
        foreach (NamedParameter<double> parameter in model.NamedParameters())
        {
            for (int i = 0; i < parameter.Info.Count; i++, k++)
            {
                double slope(double h)
                {
                    double at(double shift)
                    {
                        double before = parameter.Tensor.AsReadOnlySpan()[i];
                        parameter.Tensor.AsSpan()[i] = before + shift;
                        double value = loss.Forward(model.Forward(X()), Y()).Item();
                        parameter.Tensor.AsSpan()[i] = before;
                        return value;
                    }
                    return (at(h) - at(-h)) / (2 * h);
                }
                double numeric = (4 * slope(5e-4) - slope(1e-3)) / 3;
                Assert.True(Math.Abs(numeric - analytic[k]) <= 1e-6 * Math.Abs(numeric) + 1e-10, $"{parameter.Name}[{i}]: {analytic[k]:R}, numeric {numeric:R}");
            }
        }
    }

    [Fact]
    public void AStepIsForwardBackwardUpdate()
    {
        Module<double> model = Mlp(), twin = Mlp();
        new CrossEntropy<double>().Forward(twin.Forward(X()), Y()).Backward();
        double[] expected = [.. Values(twin).Zip(Gradient(twin), (w, g) => w - 0.5 * g)];
        StepResult result = Step(model, options: new() { CountCorrect = true }).Run(X(), Y());
        Close(expected, Values(model), 1e-15);
        Assert.Equal(new CrossEntropy<double>().Forward(twin.Forward(X()), Y()).Item(), result.Loss);
        Assert.Equal((8, true), (result.Rows, result.Applied));
        double[] z = twin.Forward(X()).ToArray();
        Assert.Equal(Labels.Where((l, row) => z[3 * row + l] == z.Skip(3 * row).Take(3).Max()).Count(), result.Correct);
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void MicroBatchesOfAnySizesMakeTheUpdateOfTheWhole(Reduction reduction)
    {
        Module<double> whole = Mlp(), parts = Mlp();
        OptimizerSettings clip = new() { ClipNorm = 0.05 }; // below the norm: averaging must come first
        StepResult one = Step(whole, settings: clip, loss: new CrossEntropy<double>(reduction)).Run(X(), Y());
        TrainingStep<double> step = Step(parts, settings: clip, loss: new CrossEntropy<double>(reduction));
        step.Accumulate(X(0, 5), Y(0, 5));
        step.Accumulate(X(5, 2), Y(5, 2));
        step.Accumulate(X(7, 1), Y(7, 1));
        StepResult three = step.Apply();
        Close(Values(whole), Values(parts), 1e-15);
        Assert.Equal(one.GradientNorm, three.GradientNorm, 1e-13);
        if (reduction == Reduction.Mean)
            Assert.Equal(one.Loss, three.Loss, 1e-14);
        Assert.Equal(1, step.Optimizer.Updates);
    }

    [Fact]
    public void OrderOfCallsIsChecked()
    {
        TrainingStep<double> step = Step(Mlp());
        Assert.Throws<InvalidOperationException>(() => step.Apply());
        step.Accumulate(X(), Y());
        Assert.Contains("Apply()", Assert.Throws<InvalidOperationException>(() => step.Run(X(), Y())).Message, StringComparison.Ordinal);
        step.Apply();
        // A step that failed leaves nothing behind.
        Assert.Throws<ArgumentOutOfRangeException>(() => step.Run(X(0, 1), Tensor.From<int>(3)));
        step.Run(X(), Y());
        Assert.Contains("Reduction", Assert.Throws<ArgumentException>(() => Step(Mlp(), loss: new CrossEntropy<double>(Reduction.None))).Message, StringComparison.Ordinal);
        Module<double> other = Mlp();
        Assert.Contains("no parameter of the model", Assert.Throws<ArgumentException>(() => new TrainingStep<double>(Mlp(), new CrossEntropy<double>(), Step(other).Optimizer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SharpnessAwareTakesTheGradientUphill()
    {
        Module<double> model = Mlp(), twin = Mlp();
        CrossEntropy<double> loss = new();
        for (int t = 0; t < 20; t++)
        {
            // The recurrence, by hand: e = ρ·g/‖g‖, then θ ← θ − η·∇f(θ + e).
            double[] theta = Values(twin);
            twin.ZeroGrad();
            loss.Forward(twin.Forward(X()), Y()).Backward();
            double[] g = Gradient(twin);
            double norm = Math.Sqrt(g.Sum(v => v * v));
            Set(twin, [.. theta.Zip(g, (w, v) => w + 0.05 / (norm + 1e-12) * v)]);
            twin.ZeroGrad();
            loss.Forward(twin.Forward(X()), Y()).Backward();
            Set(twin, [.. theta.Zip(Gradient(twin), (w, v) => w - 0.5 * v)]);
        }
        TrainingStep<double> step = Step(model, options: new() { SharpnessRadius = 0.05 });
        for (int t = 0; t < 20; t++)
            step.Run(X(), Y());
        Close(Values(twin), Values(model), 1e-12);
        // It is another path than plain descent's.
        Module<double> plain = Mlp();
        TrainingStep<double> descent = Step(plain);
        for (int t = 0; t < 20; t++)
            descent.Run(X(), Y());
        Assert.True(Values(plain).Zip(Values(model), (a, b) => Math.Abs(a - b)).Max() > 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnOptimizerGetsLossReevaluationAndHessianProducts(bool accumulated)
    {
        Module<double> model = Mlp(), twin = Mlp();
        Probe probe = new();
        TrainingStep<double> step = new(model, new CrossEntropy<double>(), probe.Create<double>(model.NamedParameters()));
        if (accumulated)
        {
            step.Accumulate(X(0, 3), Y(0, 3));
            step.Accumulate(X(3, 5), Y(3, 5));
            step.Apply();
        }
        else
        {
            step.Run(X(), Y());
        }
        CrossEntropy<double> loss = new();
        double[] gradient(double[] at)
        {
            Set(twin, at);
            twin.ZeroGrad();
            loss.Forward(twin.Forward(X()), Y()).Backward();
            return Gradient(twin);
        }
        double[] theta = Values(twin), g = gradient(theta);
        Assert.Equal(loss.Forward(twin.Forward(X()), Y()).Item(), probe.Loss, 1e-14);
        // H·g by central differences of the analytic gradient.
        double h = 1e-5;
        double[] up = gradient([.. theta.Zip(g, (w, v) => w + h * v)]), down = gradient([.. theta.Zip(g, (w, v) => w - h * v)]);
        Close([.. up.Zip(down, (a, b) => (a - b) / (2 * h))], probe.Product, 1e-9);
        // After a move by −0.1·g: loss and gradients there.
        double[] moved = [.. theta.Zip(g, (w, v) => w - 0.1 * v)];
        Close(gradient(moved), probe.GradientAfter, 1e-14);
        Assert.Equal(loss.Forward(twin.Forward(X()), Y()).Item(), probe.LossAfter, 1e-14);
    }

    [Fact]
    public void AParameterWithoutGradientIsLeftAlone()
    {
        Linear<double> used = new(3, 3), unused = new(3, 3);
        Partial model = new(used, unused);
        model.Initialize(1);
        double[] before = unused.Weight.Tensor.ToArray(), moved = used.Weight.Tensor.ToArray();
        TrainingStep<double> step = Step(model, "adamw", 0.01); // whose decay would move it
        step.Run(X(), Y());
        Assert.Equal(before, unused.Weight.Tensor.ToArray());
        Assert.NotEqual(moved, used.Weight.Tensor.ToArray());
    }

    private static void Set(Module<double> model, double[] values)
    {
        int k = 0;
        foreach (NamedParameter<double> parameter in model.NamedParameters())
        {
            values.AsSpan(k, parameter.Info.Count).CopyTo(parameter.Tensor.AsSpan());
            k += parameter.Info.Count;
        }
    }

    private sealed class Partial : Module<double>
    {
        private readonly Linear<double> _used;

        public Partial(Linear<double> used, Linear<double> unused)
        {
            _used = Child("used", used);
            Child("unused", unused);
        }

        public override Tensor<double> Forward(Tensor<double> x) => _used.Forward(x);
    }
}
