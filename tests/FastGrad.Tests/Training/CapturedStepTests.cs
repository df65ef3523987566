using FastGrad.Autograd;
using FastGrad.Inference;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>The whole training step as one program; predictions as programs.</summary>
public sealed class CapturedStepTests
{
    [Fact]
    public void OneProgramHoldsForwardBackwardAndUpdate()
    {
        (TrainingStep<float> step, _, Tensor<float> x, Tensor<int> y) = Setup(new());
        Program program = step.Capture(x, y);
        Assert.True(program.PeakBytes > 0);
        string text = program.ToString();
        Assert.Contains("linear(", text);
        Assert.Contains("linear'[1]", text);
        Assert.Contains("clip, schedule, adamw", text);
        Assert.True(text.IndexOf("softmax-cross-entropy'", StringComparison.Ordinal) < text.IndexOf("clip, schedule", StringComparison.Ordinal));
        Assert.Equal(0, step.Optimizer.Updates); // nothing has run
        step.Run(x, y);
        Assert.Equal(1, step.Optimizer.Updates);
        Assert.Same(program, step.Program);
    }

    [Fact]
    public void WhatCannotBeCapturedIsNamed()
    {
        Module<float> model = new Sequential<float>(new Linear<float>(4, 3), new Sequential<float>(new Moody())).Initialize(1);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()));
        string message = Assert.Throws<InvalidOperationException>(() => step.Capture(Tensor.Zeros<float>([2, 4]), Tensor.From(0, 1))).Message;
        Assert.Contains("'1.0'", message);
        Assert.Contains(nameof(Moody), message);
        Assert.Contains("IsReplayable", message);
        Assert.Contains("'1.0'", Assert.Throws<ArgumentException>(() => new CapturedModel<float>(model)).Message);
        Assert.Throws<InvalidOperationException>(() => new TrainingStep<float>(model, new CrossEntropy<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()), TrainingStepOptions.Default.TrainWithin(1 << 20)));
    }

    [Fact]
    public void AModuleThatLooksAtElementsIsRefusedByItsLine()
    {
        Module<float> model = new Sequential<float>(new Linear<float>(4, 3), new Looks()).Initialize(1);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()));
        string message = Assert.Throws<InvalidOperationException>(() => step.Run(Tensor.Zeros<float>([2, 4]), Tensor.From(0, 1))).Message;
        Assert.Contains("CapturedStepTests.cs, line", message);
        Assert.Contains(nameof(Looks), message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ABudgetOfMemoryChangesNoBit(bool deep)
    {
        TrainingStepOptions options = new();
        (TrainingStep<float> whole, Module<float> a, Tensor<float> x, Tensor<int> y) = Setup(options, deep ? 16 : 3);
        Program program = whole.Capture(x, y);
        (TrainingStep<float> tight, Module<float> b, _, _) = Setup(options.TrainWithin(program.PeakBytes * (deep ? 5 : 9) / 10), deep ? 16 : 3);
        for (int i = 0; i < 5; i++)
            Assert.Equal(whole.Run(x, y).Loss, tight.Run(x, y).Loss);
        Assert.True(tight.Program!.PeakBytes <= program.PeakBytes * (deep ? 5 : 9) / 10);
        Assert.Equal(Weights(a), Weights(b));
    }

    /// <summary>Thirty layers, in a fifth of what their temporaries would take if none shared memory with another: the bits of eager steps.</summary>
    [Theory]
    [InlineData("adamw", false)]
    [InlineData("sgd", true)]
    public void ANetworkTrainsInAFifthOfItsUnplannedMemory(string optimizer, bool early)
    {
        TrainingStep<float> eager = Deep(new() { Capture = false }, out Module<float> expected), whole = Deep(new() { UpdateInBackward = early }, out _);
        Tensor<float> x = Tensor.From<float>([.. Enumerable.Range(0, 64 * 4).Select(i => MathF.Sin(i))], [64, 4]);
        Tensor<int> y = Tensor.From<int>([.. Enumerable.Range(0, 64).Select(i => i % 3)]);
        Program planned = whole.Capture(x, y);
        long fifth = planned.UnplannedBytes / 5;
        Assert.True(planned.PeakBytes > fifth); // planning alone does not do it
        TrainingStep<float> tight = Deep(new TrainingStepOptions { UpdateInBackward = early }.TrainWithin(fifth), out Module<float> model);
        for (int i = 0; i < 4; i++)
            Assert.Equal(eager.Run(x, y).Loss, tight.Run(x, y).Loss);
        Assert.True(tight.Program!.PeakBytes <= fifth, $"{tight.Program.PeakBytes} of {fifth}");
        Assert.True(tight.Program.Count > planned.Count); // some is computed twice
        Assert.Equal(Weights(expected), Weights(model));

        TrainingStep<float> Deep(TrainingStepOptions options, out Module<float> made)
        {
            List<Module<float>> layers = [new Linear<float>(4, 32)];
            for (int i = 0; i < 30; i++)
                layers.AddRange([new Tanh<float>(), new Linear<float>(32, 32)]);
            made = new Sequential<float>([.. layers, new Linear<float>(32, 3)]).Initialize(5);
            return new(made, new CrossEntropy<float>(), OptimizerRegistry.Standard[optimizer].Create<float>(made.NamedParameters()), options);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SharpnessReplaysForwardAndBackward(bool capture)
    {
        (TrainingStep<float> step, Module<float> model, Tensor<float> x, Tensor<int> y) = Setup(new() { SharpnessRadius = 0.05, Capture = capture });
        (TrainingStep<float> eager, Module<float> same, _, _) = Setup(new() { SharpnessRadius = 0.05, Capture = false });
        for (int i = 0; i < 6; i++)
            Assert.Equal(eager.Run(x, y), step.Run(x, y));
        Assert.Equal(Weights(same), Weights(model));
        Assert.Equal(capture, step.Program is not null);
    }

    [Fact]
    public void SharpnessDrawsAnewInEachEvaluation()
    {
        Assert.Equal(Trained(capture: false), Trained(capture: true));

        static float[] Trained(bool capture)
        {
            Module<float> model = new Sequential<float>(new Linear<float>(4, 32), new Dropout<float>(0.5, 7), new Linear<float>(32, 3)).Initialize(5);
            TrainingStep<float> step = new(
                model, new CrossEntropy<float>(), OptimizerRegistry.Standard["adamw"].Create<float>(model.NamedParameters()), new() { SharpnessRadius = 0.05, Capture = capture });
            Tensor<float> x = Tensor.From<float>([.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))], [6, 4]);
            for (int i = 0; i < 6; i++)
                step.Run(x, Tensor.From(0, 1, 2, 2, 1, 0));
            return Weights(model);
        }
    }

    [Fact]
    public void TwoStepsShareTheParameters()
    {
        float[] captured = Alternate(capture: true), eager = Alternate(capture: false);
        Assert.Equal(eager, captured);

        static float[] Alternate(bool capture)
        {
            (TrainingStep<float> first, Module<float> model, Tensor<float> x, Tensor<int> y) = Setup(new() { Capture = capture });
            TrainingStep<float> second = new(
                model, new CrossEntropy<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()), new() { Capture = capture });
            for (int i = 0; i < 6; i++)
                (i % 2 == 0 ? first : second).Run(x, y);
            return Weights(model);
        }
    }

    [Fact]
    public void CapturedPredictionsHaveTheBitsOfTheModel()
    {
        (TrainingStep<float> step, Module<float> model, Tensor<float> x, Tensor<int> y) = Setup(new());
        CapturedModel<float> captured = new(model.Eval());
        Assert.Contains("Capture([6, 4])", Assert.Throws<InvalidOperationException>(() => captured.Predict(x)).Message);
        Assert.True(captured.Capture(x.Shape).PeakBytes > 0);
        for (int i = 0; i < 3; i++)
        {
            using (NoGrad _ = new())
                Assert.Equal(model.Forward(x).ToArray(), captured.Predict(x).ToArray());
            step.Run(x, y); // predictions see what the parameters are then
        }
    }

    private static (TrainingStep<float> Step, Module<float> Model, Tensor<float> X, Tensor<int> Y) Setup(TrainingStepOptions options, int depth = 2)
    {
        List<Module<float>> layers = [new Linear<float>(4, 32)];
        for (int i = 1; i < depth; i++)
            layers.AddRange([new Gelu<float>(), new Linear<float>(32, 32)]);
        layers.Add(new Linear<float>(32, 3));
        Sequential<float> model = new([.. layers]);
        model.Initialize(5);
        Optimizer<float> optimizer = OptimizerRegistry.Standard["adamw"].Create<float>(model.NamedParameters(), null, new OptimizerSettings { ClipNorm = 1 });
        Tensor<float> x = Tensor.From<float>([.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))], [6, 4]);
        return (new(model, new CrossEntropy<float>(), optimizer, options), model, x, Tensor.From(0, 1, 2, 2, 1, 0));
    }

    private static float[] Weights(Module<float> model) => [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];

    private sealed class Moody : Module<float>
    {
        public override Tensor<float> Forward(Tensor<float> x) => x;
    }

    private sealed class Looks : Module<float>
    {
        protected override bool IsReplayable => true;

        public override Tensor<float> Forward(Tensor<float> x) => x * x.Sum().Item();
    }
}
