using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>train.lenet.*</c>: training steps of networks with convolutions.</summary>
public static class ConvolutionTrainingWorkloads
{
    private const int Classes = 10;

    /// <summary>The networks of the project's performance table that have convolutions.</summary>
    public static IEnumerable<Workload> All => [Lenet(64, 2.30052, 0.759331)];

    private static Workload Lenet(int batch, double check, double check20) => TrainingWorkloads.Make(
        $"lenet.b{batch}", LenetFlops(batch), new AdamW(), new() { { "lr", 1e-3 }, { "weight_decay", 0.0 } }, check, check20,
        () => new Sequential<float>(
            new Conv2d<float>(1, 32, 3), new Relu<float>(), new Conv2d<float>(32, 64, 3), new Relu<float>(), new MaxPool2d<float>(2),
            new Flatten<float>(), new Linear<float>(64 * 12 * 12, 128), new Relu<float>(), new Linear<float>(128, Classes)),
        () => new CrossEntropy<float>(),
        () => (Tensor.From<float>(Inputs.Uniform(batch * 28 * 28, 3, 0, 1), [batch, 1, 28, 28]), Tensor.From(Inputs.Labels(batch, 5, Classes))));

    // Forward, weight gradients, and input gradients but for the first layer.
    private static double LenetFlops(int batch)
    {
        double first = 32 * 9 * 26 * 26, second = 64 * 32 * 9 * 24 * 24, third = 64 * 12 * 12 * 128, last = 128 * Classes;
        return 2 * batch * (2 * first + 3 * (second + third + last));
    }
}
