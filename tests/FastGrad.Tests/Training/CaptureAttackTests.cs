using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>What changes between two steps: it is noticed and gives the bits of the eager step, or it is refused in words.</summary>
public sealed class CaptureAttackTests
{
    /// <summary>A part of the model in another mode: a batch norm whose statistics are kept as they are, a dropout that is switched off.</summary>
    [Fact]
    public void APartThatChangesItsModeIsNoticed()
    {
        Assert.Equal(Trained(capture: false), Trained(capture: true));

        static float[] Trained(bool capture)
        {
            Sequential<float> model = new(new Linear<float>(4, 16), new BatchNorm1d<float>(16), new Dropout<float>(0.5, 3), new Linear<float>(16, 3));
            return Train(model, capture, i =>
            {
                if (i == 2)
                    model[1].Eval();
                if (i == 4)
                    model[2].Eval();
                if (i == 6)
                    model.Train();
            });
        }
    }

    [Fact]
    public void TheWholeModelInAnotherModeIsNoticed()
    {
        Assert.Equal(Trained(capture: false), Trained(capture: true));

        static float[] Trained(bool capture)
        {
            Sequential<float> model = new(new Linear<float>(4, 16), new BatchNorm1d<float>(16), new Dropout<float>(0.5, 3), new Linear<float>(16, 3));
            return Train(model, capture, i => model.Train(i % 3 != 1));
        }
    }

    [Fact]
    public void LossesThatReadElementsAreRefusedByTheirLine()
    {
        foreach (Func<Tensor<float>, Tensor<float>> loss in (Func<Tensor<float>, Tensor<float>>[])
            [y => y.Square().Sum([1]) * y.Sum().Item(), y => y.Sum().Item() > 0 ? y.Square().Sum([1]) : y.Abs().Sum([1])])
        {
            Module<float> model = new Sequential<float>(new Linear<float>(4, 3)).Initialize(5);
            TrainingStep<float> step = new(model, new Custom(loss), Optimizers.All["sgd"].Create<float>(model.NamedParameters()));
            string message = Assert.Throws<InvalidOperationException>(() => step.Run(X(6), Tensor.Zeros<float>([6, 3]))).Message;
            Assert.Contains("CaptureAttackTests.cs, line", message);
            Assert.Contains("read while a program is captured", message);
            // It has not left anything half done: eagerly the same goes.
            TrainingStep<float> eager = new(model, new Custom(loss), Optimizers.All["sgd"].Create<float>(model.NamedParameters()), new() { Capture = false });
            Assert.True(double.IsFinite(eager.Run(X(6), Tensor.Zeros<float>([6, 3])).Loss));
        }
    }

    /// <summary>A user's operators, as a body, as a composition with derivatives of its own, and as a primitive with kernels: all of them are captured.</summary>
    [Theory]
    [InlineData("body")]
    [InlineData("composition")]
    [InlineData("primitive")]
    public void OperatorsOfTheUsersOwnAreCaptured(string kind)
    {
        Func<Tensor<float>, Tensor<float>> f = kind switch
        {
            "body" => x => x.Map(new Cubed()),
            "composition" => new CustomOperator<float>("cubed", x => x[0] * x[0] * x[0], (x, _, dy, _) => dy * x[0] * x[0] * 3f) is var custom ? x => custom.Apply(x) : null!,
            _ => x => new CubedPrimitive().Apply(x),
        };
        Assert.Equal(Trained(capture: false), Trained(capture: true));

        float[] Trained(bool capture) => Train(new Sequential<float>(new Linear<float>(4, 16), new Lambda(f), new Linear<float>(16, 3)), capture, _ => { });
    }

    [Fact]
    public void AnotherBatchAndAnotherKindOfTargetAreOtherPrograms()
    {
        Sequential<float> model = new(new Linear<float>(4, 3));
        model.Initialize(5);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), Optimizers.All["sgd"].Create<float>(model.NamedParameters()));
        step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2));
        step.Run(X(5), Tensor.From(0, 1, 2, 0, 1));
        step.Run(X(6), Tensor.Full<float>([6, 3], 1f / 3));
        Assert.Equal(3, step.Programs.Count);
        step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2));
        Assert.Equal(3, step.Programs.Count);
        Assert.ThrowsAny<ArgumentException>(() => step.Run(X(6), Tensor.From(0, 1, 2))); // and a target that does not fit is none
        Assert.ThrowsAny<ArgumentException>(() => step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 7)));
    }

    /// <summary>Numbers and labels of one shape, for a loss that takes both.</summary>
    [Fact]
    public void LabelsOfTheShapeOfNumbersAreAnotherProgram()
    {
        Assert.Equal(Trained(capture: false), Trained(capture: true));

        static float[] Trained(bool capture)
        {
            Module<float> model = new Sequential<float>(new Linear<float>(4, 3)).Initialize(5);
            TrainingStep<float> step = new(model, new Either(), Optimizers.All["sgd"].Create<float>(model.NamedParameters()), new() { Capture = capture });
            for (int i = 0; i < 4; i++)
            {
                step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2));
                step.Run(X(6), Tensor.From(0f, 1f, 2f, 0f, 1f, 2f));
            }
            Assert.Equal(capture ? 2 : 0, step.Programs.Count);
            return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        }
    }

    [Fact]
    public void AStepWithinACaptureIsRefused()
    {
        Module<float> model = new Sequential<float>(new Linear<float>(4, 3)).Initialize(5);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), Optimizers.All["sgd"].Create<float>(model.NamedParameters()));
        Tensor<float> x = X(6);
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<InvalidOperationException>(() => Autograd.Capture.Prepare<float>(() =>
            {
                step.Run(x, Tensor.From(0, 1, 2, 0, 1, 2));
                return [x];
            }));
            step.Run(x, Tensor.From(0, 1, 2, 0, 1, 2)); // the second time there is a program
        }
    }

    [Fact]
    public void AStepWithoutATapeSaysSo()
    {
        Module<float> model = new Sequential<float>(new Linear<float>(4, 3)).Initialize(5);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), Optimizers.All["sgd"].Create<float>(model.NamedParameters()));
        using (NoGrad off = new())
        {
            string message = "";
            try
            {
                step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2));
            }
            catch (InvalidOperationException refused)
            {
                message = refused.Message;
            }
            Assert.Contains("requires no gradient", message);
        }
        step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2));
    }

    /// <summary>Steps of models of their own on several threads at once.</summary>
    [Fact]
    public void StepsOnTwoThreadsDoNotDisturbEachOther()
    {
        float[] alone = One();
        var together = new float[2][];
        Parallel.For(0, 2, i => together[i] = One());
        Assert.All(together, weights => Assert.Equal(alone, weights));

        static float[] One() => Train(new Sequential<float>(new Linear<float>(4, 200), new Gelu<float>(), new Linear<float>(200, 3)), capture: true, _ => { }, steps: 60);
    }

    /// <summary>A step is for one thread: a second one at the same time is told.</summary>
    [Fact]
    public void OneStepOnTwoThreadsIsTold()
    {
        Module<float> model = new Sequential<float>(new Linear<float>(4, 3)).Initialize(5);
        using ManualResetEventSlim inside = new(), done = new();
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), Optimizers.All["sgd"].Create<float>(model.NamedParameters()));
        step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2));
        using IDisposable hook = model.NamedParameters()[0].Tensor.RegisterHook(gradient =>
        {
            inside.Set();
            done.Wait(10_000);
            return gradient;
        });
        TrainingStep<float> waits = new(model, new CrossEntropy<float>(), Optimizers.All["sgd"].Create<float>(model.NamedParameters()), new() { Capture = false });
        Thread first = new(() => waits.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2)));
        first.Start();
        inside.Wait(10_000);
        string message = Assert.Throws<InvalidOperationException>(() => waits.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2))).Message;
        done.Set();
        first.Join();
        Assert.Contains("another thread", message);
    }

    private static float[] Train(Sequential<float> model, bool capture, Action<int> before, int steps = 9)
    {
        model.Initialize(5);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), Optimizers.All["adamw"].Create<float>(model.NamedParameters()), new() { Capture = capture });
        List<float> losses = [];
        for (int i = 0; i < steps; i++)
        {
            before(i);
            losses.Add((float)step.Run(X(6), Tensor.From(0, 1, 2, 0, 1, 2)).Loss);
            Assert.Equal(capture, step.Program is not null);
        }
        return [.. losses, .. model.NamedParameters().SelectMany(p => p.Tensor.ToArray()), .. model.NamedBuffers().SelectMany(b => b.Buffer.ToArray())];
    }

    private static Tensor<float> X(int rows) => Tensor.From<float>([.. Enumerable.Range(0, rows * 4).Select(i => MathF.Sin(i))], [rows, 4]);

    private sealed class Lambda(Func<Tensor<float>, Tensor<float>> f) : Module<float>
    {
        protected override bool IsReplayable => true;

        public override Tensor<float> Forward(Tensor<float> x) => f(x);
    }

    private sealed class Custom(Func<Tensor<float>, Tensor<float>> f) : Loss<float>(Reduction.Mean)
    {
        public override string Name => "custom";

        public override Curvature Curvature => new(IsConvex: false, StrongConvexity: 0, Smoothness: double.PositiveInfinity);

        protected override bool IsReplayable => true;

        public override Tensor<float> Terms(Tensor<float> prediction, Target<float> target) => f(prediction);
    }

    private sealed class Either() : Loss<float>(Reduction.Mean)
    {
        public override string Name => "either";

        public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: double.PositiveInfinity);

        protected override bool IsReplayable => true;

        public override Tensor<float> Terms(Tensor<float> prediction, Target<float> target) =>
            target.Labels is { } labels ? prediction.SoftmaxCrossEntropy(labels) : (prediction.Sum([1]) - target.Values!).Square();
    }

    private readonly struct Cubed : IUnaryOperator<float>
    {
        public static Residual Residual => Residual.Input;

        public V Value<V>(V x)
            where V : struct, IArithmetic<V, float> => x * x * x;

        public V Derivative<V>(V x)
            where V : struct, IArithmetic<V, float> => V.Create(3f) * x * x;
    }

    private sealed class CubedPrimitive : Autograd.Primitives.Primitive<float>
    {
        public override string Name => "cubed-kernel";

        public override Residual Residual => Residual.Input;

        public override Shape Infer(ReadOnlySpan<Tensor<float>> inputs) => inputs[0].Shape;

        public override void Forward(ReadOnlySpan<Tensor<float>> inputs, Tensor<float> output)
        {
            ReadOnlySpan<float> x = inputs[0].AsReadOnlySpan();
            Span<float> y = output.AsSpan();
            for (int i = 0; i < x.Length; i++)
                y[i] = x[i] * x[i] * x[i];
        }

        public override bool FusesBackward(int input, in Autograd.Primitives.Linearization<float> at) => true;

        public override void Backward(int input, in Autograd.Primitives.Linearization<float> at, Tensor<float> dy, Tensor<float> dx, bool accumulate)
        {
            ReadOnlySpan<float> x = at.Input(0).AsReadOnlySpan(), d = dy.AsReadOnlySpan();
            Span<float> result = dx.AsSpan();
            for (int i = 0; i < x.Length; i++)
                result[i] = (accumulate ? result[i] : 0) + 3 * x[i] * x[i] * d[i];
        }

        public override Tensor<float> Vjp(int input, in Autograd.Primitives.Linearization<float> at, Tensor<float> dy) => dy * at.Input(0) * at.Input(0) * 3f;

        public override Tensor<float> Jvp(in Autograd.Primitives.Linearization<float> at, ReadOnlySpan<Tensor<float>?> tangents) => tangents[0]! * at.Input(0) * at.Input(0) * 3f;
    }
}
