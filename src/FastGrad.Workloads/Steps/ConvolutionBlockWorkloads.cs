using FastGrad.Autograd;
using FastGrad.Modules;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>train.convbnrelu64.*</c>: a convolution 3x3 of 64 to 64 channels, batch norm in training mode, ReLU; forward, and backward to parameters and input.</summary>
/// <remarks>The loss is Σ out·u with u uniform from seed 4. Nothing learns, so the losses of all steps are equal.</remarks>
public static class ConvolutionBlockWorkloads
{
    private const int Channels = 64, Size = 32;
    private const double Loss = -209.249;

    /// <summary>The block of the project's performance table.</summary>
    public static IEnumerable<Workload> All => [Block(16)];

    private static Workload Block(int batch)
    {
        return With(capture: true) with { Eager = With(capture: false) };

        // Three convolutions: forward, weight gradient, input gradient.
        Workload With(bool capture) => new($"train.convbnrelu64.b{batch}", 6.0 * batch * Channels * Channels * 9 * Size * Size, WorkUnit.Flops, threads => Prepare(threads, batch, capture))
        {
            IsTraining = true,
            ExpectedCheck = Loss,
            ExpectedCheck20 = Loss,
        };
    }

    private static WorkloadRun Prepare(int threads, int batch, bool capture)
    {
        var block = new Sequential<float>(
            new Conv2d<float>(Channels, Channels, 3, new() { Padding = 1 }, bias: false), new BatchNorm2d<float>(Channels), new Relu<float>());
        TrainingWorkloads.Fill(block);
        Shape shape = [batch, Channels, Size, Size];
        Tensor<float> x = Tensor.From<float>(Inputs.Uniform(shape.Length, 3), shape), u = Tensor.From<float>(Inputs.Uniform(shape.Length, 4), shape);
        x.RequiresGrad = true;
        var context = new ComputeContext(threads);
        float last = float.NaN;
        Program? program = null;
        Tensor<float>? loss = null;
        return new WorkloadRun(
            () =>
            {
                using ComputeContext.Usage _ = context.Use();
                if (!capture)
                {
                    using TensorScope scope = new();
                    last = Step().Item();
                    return;
                }
                program ??= Capture.Prepare<float>(() => [loss = Step()]);
                program.Run();
                last = loss!.Item();
            },
            () => last, threads, context.Dispose, capture ? Profile : null);

        IReadOnlyList<InstructionTime> Profile(int steps)
        {
            using ComputeContext.Usage _ = context.Use();
            program ??= Capture.Prepare<float>(() => [loss = Step()]);
            return program.Profile(steps);
        }

        Tensor<float> Step()
        {
            x.ZeroGrad();
            foreach (NamedParameter<float> parameter in block.NamedParameters())
                parameter.Tensor.ZeroGrad();
            Tensor<float> sum = (block.Invoke(x) * u).Sum();
            sum.Backward();
            return sum;
        }
    }
}
