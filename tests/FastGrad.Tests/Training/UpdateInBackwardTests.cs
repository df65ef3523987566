using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>Updates within the backward pass: the same bits, less memory, and only where nothing needs all gradients.</summary>
public sealed class UpdateInBackwardTests
{
    public static TheoryData<string> Names => [.. Optimizers.All.Select(o => o.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryOptimizerThatUpdatesSeparatelyHasTheSameBits(string optimizer)
    {
        if (!Step(new(), optimizer, out _).Optimizer.UpdatesSeparately)
        {
            Assert.Contains("all gradients", Assert.Throws<ArgumentException>(() => Step(new() { UpdateInBackward = true }, optimizer, out _)).Message);
            return;
        }
        float[] expected = Trained(new()), early = Trained(new() { UpdateInBackward = true });
        Assert.Equal(expected, early);
        Assert.Equal(expected, Trained(new() { UpdateInBackward = true, Passes = CaptureOptions.None }));

        float[] Trained(TrainingStepOptions options)
        {
            TrainingStep<float> step = Step(options, optimizer, out Module<float> model);
            List<float> seen = [];
            for (int i = 0; i < 6; i++)
            {
                step.Run(X(i % 3 == 2 ? 4 : 6), Y(i % 3 == 2 ? 4 : 6)); // two programs
                if (i == 3)
                {
                    step.Accumulate(X(6), Y(6));
                    step.Accumulate(X(6), Y(6));
                    step.Apply();
                }
            }
            Assert.Equal(options.UpdateInBackward, model.NamedParameters().All(p => p.Tensor.Grad is null));
            return [.. Weights(model), .. step.Optimizer.State.Where(s => s.Name.Contains("step")).Select(_ => (float)step.Optimizer.Updates)];
        }
    }

    [Fact]
    public void UpdatesStandBehindTheLastReadAndThePeakFalls()
    {
        TrainingStepOptions early = new() { UpdateInBackward = true, Passes = new() { KeepDumps = true } };
        Program late = Step(early with { Passes = early.Passes with { UpdateEarly = false } }, "adamw", out _, depth: 8).Capture(X(6), Y(6));
        Program program = Step(early, "adamw", out _, depth: 8).Capture(X(6), Y(6));
        Assert.True(program.PeakBytes < late.PeakBytes / 2, $"{program.PeakBytes} of {late.PeakBytes}");
        PassDump dump = program.Passes.Single(p => p.Name == "update in backward");
        string[] before = [.. Lines(dump.Before)], after = [.. Lines(dump.After)];
        int FirstUpdate(string[] lines) => Array.FindIndex(lines, l => l.StartsWith("update ", StringComparison.Ordinal));
        Assert.True(FirstUpdate(before) > Array.FindLastIndex(before, l => l.Contains("linear'")));
        Assert.True(FirstUpdate(after) < Array.FindLastIndex(after, l => l.Contains("linear'")));

        // Whoever names a weight comes before its update.
        for (int i = 0; i < after.Length; i++)
        {
            if (!after[i].StartsWith("update ", StringComparison.Ordinal))
                continue;
            string weight = after[i].Split('(')[1].Split(',')[0];
            Assert.StartsWith("@", weight);
            Assert.DoesNotContain(after[(i + 1)..], l => l.Contains(weight + ",") || l.Contains(weight + ";") || l.Contains(weight + ")"));
        }

        static IEnumerable<string> Lines(string text) => text.Split('\n').Select(l => l.TrimEnd('\r'));
    }

    [Fact]
    public void ATiedParameterIsUpdatedOnceAfterBothReads()
    {
        float[] Trained(TrainingStepOptions options, out Program? program)
        {
            Module<float> model = new Tied().Initialize(3);
            TrainingStep<float> step = new(model, new CrossEntropy<float>(), Optimizers.All["sgd"].Create<float>(model.NamedParameters()), options);
            for (int i = 0; i < 5; i++)
                step.Run(X(6), Y(6));
            program = step.Program;
            return Weights(model);
        }
        float[] eager = Trained(new() { Capture = false }, out _);
        Assert.Equal(eager, Trained(new() { UpdateInBackward = true }, out Program? program));
        Assert.Equal(eager, Trained(new(), out _));
        string text = program!.ToString();
        Assert.Equal(1, text.Split("update inner.weight").Length - 1);
        Assert.Contains("+= linear'[1]", text); // the second contribution continues the first one's chains
    }

    [Fact]
    public void WhatNeedsAllGradientsIsRefused()
    {
        foreach (OptimizerSettings settings in (OptimizerSettings[])[new() { ClipNorm = 1 }, new() { ClipValue = 1 }, new() { MeasureNorm = true }, new() { NonFinite = NonFinitePolicy.Skip }])
        {
            Module<float> model = new Tied().Initialize(3);
            Optimizer<float> optimizer = Optimizers.All["sgd"].Create<float>(model.NamedParameters(), null, settings);
            Assert.False(optimizer.UpdatesSeparately);
            Assert.Throws<NotSupportedException>(optimizer.BeginUpdates);
            Assert.Throws<ArgumentException>(() => new TrainingStep<float>(model, new CrossEntropy<float>(), optimizer, new() { UpdateInBackward = true }));
        }
        Assert.Throws<ArgumentException>(() => Step(new() { UpdateInBackward = true, SharpnessRadius = 0.1 }, "sgd", out _));
    }

    private static TrainingStep<float> Step(TrainingStepOptions options, string optimizer, out Module<float> model, int depth = 2)
    {
        List<Module<float>> layers = [new Linear<float>(4, 32)];
        for (int i = 1; i < depth; i++)
            layers.AddRange([new Gelu<float>(), new Linear<float>(32, 32)]);
        layers.Add(new Linear<float>(32, 3));
        model = new Sequential<float>([.. layers]).Initialize(5);
        return new(model, new CrossEntropy<float>(), Optimizers.All[optimizer].Create<float>(model.NamedParameters()), options);
    }

    private static Tensor<float> X(int rows) => Tensor.From<float>([.. Enumerable.Range(0, rows * 4).Select(i => MathF.Sin(i))], [rows, 4]);

    private static Tensor<int> Y(int rows) => Tensor.From<int>([.. Enumerable.Range(0, rows).Select(i => i % 3)], [rows]);

    private static float[] Weights(Module<float> model) => [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];

    private sealed class Tied : Module<float>
    {
        private readonly Linear<float> _inner, _head;

        public Tied() => (_inner, _head) = (Child("inner", new Linear<float>(4, 4)), Child("head", new Linear<float>(4, 3)));

        protected override bool IsReplayable => true;

        public override Tensor<float> Forward(Tensor<float> x) => _head.Invoke(_inner.Invoke(_inner.Invoke(x).Tanh()).Tanh());
    }
}
