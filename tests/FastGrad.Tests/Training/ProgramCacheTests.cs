using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>Which programs a step keeps, when it records anew, and what it replays besides whole steps.</summary>
public sealed class ProgramCacheTests
{
    [Fact]
    public void OneShapeTooManyIsAnErrorThatSaysWhatToDo()
    {
        TrainingStep<float> step = Step(out _, new() { MaxPrograms = 2 });
        step.Run(X(6), Y(6));
        step.Run(X(4), Y(4));
        string message = Assert.Throws<InvalidOperationException>(() => step.Run(X(3), Y(3))).Message;
        Assert.Contains("[3, 4]", message);
        Assert.Contains("MaxPrograms is 2", message);
        Assert.Contains("[6, 4], [4, 4]", message);
        Assert.Contains("RunEagerly", message);
        Assert.Equal(2, step.Programs.Count);
        step.Run(X(6), Y(6)); // those that are there go on
        Assert.Throws<ArgumentOutOfRangeException>(() => Step(out _, new() { MaxPrograms = 0 }));
    }

    [Fact]
    public void TheOtherPoliciesChangeNoBit()
    {
        float[] Trained(TrainingStepOptions options, out TrainingStep<float> step)
        {
            step = Step(out Module<float> model, options);
            foreach (int rows in (int[])[6, 4, 3, 6, 5, 3, 6, 4])
                step.Run(X(rows), Y(rows));
            return Weights(model);
        }
        float[] eager = Trained(new() { Capture = false }, out _);
        Assert.Equal(eager, Trained(new() { MaxPrograms = 2, WhenFull = FullCache.RunEagerly }, out TrainingStep<float> some));
        Assert.Equal(2, some.Programs.Count);
        some.Run(X(5), Y(5));
        Assert.Null(some.Program); // said, not silent
        Assert.Equal(eager, Trained(new() { MaxPrograms = 2, WhenFull = FullCache.Replace }, out TrainingStep<float> last));
        Assert.Equal(2, last.Programs.Count);
        Program four = last.Program!;
        last.Run(X(6), Y(6));
        last.Run(X(5), Y(5)); // takes the place of the 4, used longest ago
        Assert.DoesNotContain(four, last.Programs);
        Assert.Same(last.Program, last.Programs.Last());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void HooksThatComeAndGoAreNoticed(bool onParameter)
    {
        float[] captured = Trained(capture: true, onParameter, out List<bool> programs), eager = Trained(capture: false, onParameter, out _);
        Assert.Equal(eager, captured);
        Assert.Equal(onParameter ? [true, true, true] : [true, false, true], programs);

        static float[] Trained(bool capture, bool onParameter, out List<bool> programs)
        {
            TrainingStep<float> step = Step(out Module<float> model, new() { Capture = capture }, "sgd");
            programs = [];
            Run(step, programs);
            float[] before = Weights(model);
            IDisposable hook = onParameter
                ? model.NamedParameters()[0].Tensor.RegisterHook(gradient => gradient * 0f)
                : ((Sequential<float>)model)[0].RegisterForwardHook((_, _, y) => y * 2f);
            Run(step, programs);
            if (onParameter)
                Assert.Equal(before[..8], Weights(model)[..8]); // the hook was at work
            hook.Dispose();
            Run(step, programs);
            return Weights(model);
        }

        static void Run(TrainingStep<float> step, List<bool> programs)
        {
            step.Run(X(6), Y(6));
            programs.Add(step.Program is not null);
        }
    }

    [Fact]
    public void AHookedModelIsNamed()
    {
        TrainingStep<float> step = Step(out Module<float> model, new());
        using ModuleHook hook = ((Sequential<float>)model)[1].RegisterForwardHook((_, _, y) => y);
        string message = Assert.Throws<InvalidOperationException>(() => step.Capture(X(6), Y(6))).Message;
        Assert.Contains("module '1'", message);
        Assert.Contains("hooks", message);
        TrainingStep<float> tight = Step(out Module<float> other, TrainingStepOptions.Default.TrainWithin(1 << 20));
        tight.Run(X(6), Y(6));
        using ModuleHook late = ((Sequential<float>)other)[1].RegisterForwardHook((_, _, y) => y);
        Assert.Contains("hooks", Assert.Throws<InvalidOperationException>(() => tight.Run(X(6), Y(6))).Message);
    }

    [Theory]
    [InlineData("adamw", Reduction.Mean, 0)]
    [InlineData("sgd", Reduction.Sum, 0)]
    [InlineData("sgd", Reduction.Mean, 0.05)]
    [InlineData("lbfgs", Reduction.Mean, 0)]
    public void MicroBatchesAreReplayed(string optimizer, Reduction reduction, double radius)
    {
        float[] eager = Trained(capture: false, out List<double> losses), captured = Trained(capture: true, out List<double> same);
        Assert.Equal(losses, same);
        Assert.Equal(eager, captured);

        float[] Trained(bool capture, out List<double> losses)
        {
            TrainingStep<float> step = Step(out Module<float> model, new() { Capture = capture, SharpnessRadius = radius, CountCorrect = true }, optimizer, reduction);
            losses = [];
            for (int i = 0; i < 4; i++)
            {
                step.Accumulate(X(6, i), Y(6));
                step.Accumulate(X(4, i), Y(4));
                step.Accumulate(X(4, i + 9), Y(4));
                Assert.Equal(capture, step.Program is not null);
                StepResult result = step.Apply();
                losses.AddRange([result.Loss, result.Correct]);
                losses.Add(step.Run(X(6, i), Y(6)).Loss);
                if (i == 1)
                    step.Run(X(5), Y(5)); // in between, with gradients of its own
            }
            Assert.Equal(capture ? 4 : 0, step.Programs.Count(p => p.ToString().Contains("[6, 32]") || p.ToString().Contains("[4, 32]")) + (capture ? 1 : 0));
            return Weights(model);
        }
    }

    [Fact]
    public void GradientsThatWereSetInBetweenAreAddedTo()
    {
        foreach (bool capture in (bool[])[false, true])
        {
            TrainingStep<float> step = Step(out Module<float> model, new() { Capture = capture }, "sgd", Reduction.Sum);
            for (int i = 0; i < 3; i++)
            {
                step.Accumulate(X(6), Y(6));
                Tensor<float> parameter = model.NamedParameters()[0].Tensor;
                if (i == 2)
                    parameter.Grad = Tensor.Full<float>(parameter.Shape, 100f);
                step.Accumulate(X(6), Y(6));
                if (i == 2)
                    Assert.True(parameter.Grad!.ToArray().Max() > 50);
                step.Apply();
            }
        }
    }

    [Theory]
    [InlineData("lbfgs")]
    [InlineData("adahessian")]
    [InlineData("sophia-h")]
    public void OptimizersThatAskForMoreReplay(string optimizer)
    {
        (float[] eager, _) = Trained(capture: false);
        (float[] captured, long allocated) = Trained(capture: true);
        Assert.Equal(eager, captured);
        Assert.InRange(allocated, 0, 200); // an eager pass takes kilobytes

        (float[], long) Trained(bool capture)
        {
            TrainingStep<float> step = Step(out Module<float> model, new() { Capture = capture }, optimizer);
            for (int i = 0; i < 12; i++)
                step.Run(X(i % 4 == 3 ? 4 : 6, i), Y(i % 4 == 3 ? 4 : 6));
            step.Run(X(6), Y(6));
            Tensor<float> x = X(6);
            Target<float> y = Y(6);
            step.Run(x, y);
            long before = GC.GetAllocatedBytesForCurrentThread();
            step.Run(x, y);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return (Weights(model), allocated);
        }
    }

    private static TrainingStep<float> Step(out Module<float> model, TrainingStepOptions options, string optimizer = "adamw", Reduction reduction = Reduction.Mean)
    {
        model = new Sequential<float>(new Linear<float>(4, 32), new Gelu<float>(), new Linear<float>(32, 3)).Initialize(5);
        return new(model, new CrossEntropy<float>(reduction), Optimizers.All[optimizer].Create<float>(model.NamedParameters()), options);
    }

    private static Tensor<float> X(int rows, int seed = 0) => Tensor.From<float>([.. Enumerable.Range(0, rows * 4).Select(i => MathF.Sin(i + seed))], [rows, 4]);

    private static Tensor<int> Y(int rows) => Tensor.From<int>([.. Enumerable.Range(0, rows).Select(i => i % 3)], [rows]);

    private static float[] Weights(Module<float> model) => [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
}
