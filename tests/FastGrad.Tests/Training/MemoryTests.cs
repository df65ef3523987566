using FastGrad.Autograd;
using FastGrad.Inference;
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

    /// <summary>Without capture too: memory, tape and tensor objects are used again.</summary>
    [Theory]
    [InlineData("mean squared error", "sgd")]
    [InlineData("binary cross entropy", "sgd")]
    [InlineData("cross entropy", "adamw")]
    public void ASteadyEagerStepAllocatesNothing(string loss, string optimizer)
    {
        int outputs = loss == "cross entropy" ? 3 : 1;
        Module<float> model = new Sequential<float>(new Linear<float>(2, 16), new Tanh<float>(), new Linear<float>(16, 16), new Relu<float>(), new Linear<float>(16, outputs)).Initialize(1);
        TrainingStep<float> step = new(
            model,
            loss switch { "cross entropy" => new CrossEntropy<float>(), "binary cross entropy" => new BinaryCrossEntropy<float>(), _ => new MeanSquaredError<float>() },
            OptimizerRegistry.Standard[optimizer].Create<float>(model.NamedParameters()), new() { Capture = false });
        Tensor<float> x = Tensor.From<float>([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
        Target<float> y = outputs == 1 ? Tensor.From<float>([0, 1, 1, 0], [4, 1]) : Tensor.From<int>(0, 1, 2, 0);
        for (int i = 0; i < 200; i++)
            step.Run(x, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            step.Run(x, y);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>After enough calls that no method is compiled anew meanwhile: the compiler makes statics on the thread that it finds.</summary>
    [Fact]
    public void CapturedPredictionsAllocateNothing()
    {
        CapturedModel<float> model = new(new Sequential<float>(new Linear<float>(4, 32), new Gelu<float>(), new Linear<float>(32, 3)).Initialize(1).Eval());
        Tensor<float> x = Tensor.Ones<float>([6, 4]);
        model.Capture(x.Shape);
        for (int i = 0; i < 1000; i++)
            model.Predict(x);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            model.Predict(x);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void AMillionStepsCollectNothing()
    {
        Module<float> model = new Sequential<float>(new Linear<float>(2, 16), new Tanh<float>(), new Linear<float>(16, 1)).Initialize(1);
        TrainingStep<float> step = new(model, new MeanSquaredError<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()));
        Tensor<float> x = Tensor.From<float>([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), y = Tensor.From<float>([0, 1, 1, 0], [4, 1]);
        for (int i = 0; i < 10_000; i++)
            step.Run(x, y);
        int before = GC.CollectionCount(0);
        for (int i = 0; i < 1_000_000; i++)
            step.Run(x, y);
        Assert.Equal(0, GC.CollectionCount(0) - before);
    }

    /// <summary>All that capture and steps ever allocate bounds the peak from above: garbage included, and steps after the first allocate nothing.</summary>
    [Theory]
    [InlineData(1, 64, 16, false)]
    [InlineData(2, 256, 64, false)]
    [InlineData(3, 128, 1024, false)]
    [InlineData(4, 512, 256, false)]
    [InlineData(6, 256, 512, false)]
    [InlineData(8, 256, 1024, false)]
    [InlineData(12, 64, 2048, false)]
    [InlineData(16, 128, 1024, false)]
    [InlineData(16, 128, 1024, true)]
    [InlineData(16, 64, 4096, true)]
    public void ThePredictedPeakIsThePeak(int depth, int width, int rows, bool tight)
    {
        // Code that is compiled in between allocates nothing on the managed heap, but statics do: once, before.
        _ = Allocated(2, 64, 16, false);
        _ = Allocated(16, 64, 64, true);
        (long predicted, long allocated) = Allocated(depth, width, rows, tight);
        Assert.InRange(allocated, predicted * 0.95, predicted * 1.05 + (2 << 20));
    }

    private static (long Predicted, long Allocated) Allocated(int depth, int width, int rows, bool tight)
    {
        List<Module<float>> layers = [new Linear<float>(20, width)];
        for (int i = 1; i < depth; i++)
            layers.AddRange([new Gelu<float>(), new Linear<float>(width, width)]);
        Sequential<float> model = new([.. layers]);
        model.Initialize(1);
        Tensor<float> x = Tensor.Ones<float>([rows, 20]), y = Tensor.Zeros<float>([rows, width]);
        TrainingStepOptions options = new();
        if (tight)
        {
            Module<float> other = new Sequential<float>([.. layers]);
            options = options.TrainWithin(new TrainingStep<float>(other, new MeanSquaredError<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(other.NamedParameters())).Capture(x, y).PeakBytes * 19 / 20);
        }
        TrainingStep<float> step = new(model, new MeanSquaredError<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()), options);
        model.ZeroGrad();
        long held = model.NamedParameters().Sum(p => p.Tensor.Grad is null ? 4L * p.Info.Count : 0); // batches are read where they lie
        long before = GC.GetAllocatedBytesForCurrentThread();
        Program program = step.Capture(x, y);
        for (int i = 0; i < 3; i++)
            step.Run(x, y);
        return (program.PeakBytes + (tight ? 0 : held), GC.GetAllocatedBytesForCurrentThread() - before);
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
