using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>Tests that measure the process' memory run while no other test does.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryCollection;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public void ASteadyCapturedStepAllocatesNothing()
    {
        Module<float> model = new Sequential<float>(new Linear<float>(2, 16), new Tanh<float>(), new Linear<float>(16, 2)).Initialize(1);
        TrainingStep<float> step = new(
            model, new CrossEntropy<float>(), OptimizerRegistry.Standard["adamw"].Create<float>(model.NamedParameters()), new() { Capture = true, CountCorrect = true });
        Tensor<float> x = Tensor.From<float>([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
        Tensor<int> y = Tensor.From<int>(0, 1, 1, 0);
        for (int i = 0; i < 100; i++)
            step.Run(x, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            step.Run(x, y);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MemoryIsFlatOverAHundredThousandSteps(bool capture)
    {
        Module<float> model = new Sequential<float>(new Linear<float>(2, 4), new Tanh<float>(), new Linear<float>(4, 1)).Initialize(1);
        TrainingStep<float> step = new(model, new MeanSquaredError<float>(), OptimizerRegistry.Standard["adamw"].Create<float>(model.NamedParameters()), new() { Capture = capture });
        Tensor<float> x = Tensor.From<float>([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), y = Tensor.From<float>([0, 1, 1, 0], [4, 1]);
        long after(int steps)
        {
            for (int i = 0; i < steps; i++)
                step.Run(x, y);
            return GC.GetTotalMemory(forceFullCollection: true);
        }
        long early = after(5_000), late = after(95_000);
        Assert.True(late - early < 256 * 1024, $"{late - early} bytes more after 95 000 further steps");
    }
}
