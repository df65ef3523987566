using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Training;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>train.*</c>: whole training steps in float: zero gradients, forward, loss, backward, update.</summary>
/// <remarks>
/// Weights are Uniform(count, 101 + i)/√fan_in, where i counts the parameters, weights before biases, and fan_in is the number of elements
/// by the first dimension; biases are 0, weights of normalizations 1. The expected checks are those of libtorch 2.10 in float on one thread; they were made without
/// weight decay, so AdamW decays nothing here.
/// </remarks>
public static class TrainingWorkloads
{
    private const uint FirstSeed = 101;

    /// <summary>The networks of the project's performance table that need linear layers alone.</summary>
    public static IEnumerable<Workload> All => [Xor(), Logistic(), MnistMlp(64, 2.30963, 0.0540137), MnistMlp(256, 2.30356, 0.895218)];

    private static Workload Xor() => Make(
        "xor.b4", Flops(4, 2, 16, 1), new Sgd(), new() { { "lr", 0.1 } }, 0.515304, 0.251396,
        () => new Sequential<float>(new Linear<float>(2, 16), new Tanh<float>(), new Linear<float>(16, 1)),
        () => new MeanSquaredError<float>(),
        () => (Tensor.From<float>([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), Tensor.From<float>([0, 1, 1, 0], [4, 1])));

    private static Workload Logistic() => Make(
        "logreg30.b64", Flops(64, 30, 1), new Sgd(), new() { { "lr", 0.1 } }, 0.691033, 0.627486,
        () => new Sequential<float>(new Linear<float>(30, 1)),
        () => new BinaryCrossEntropy<float>(),
        () => (Tensor.From<float>(Inputs.Uniform(64 * 30, 3), [64, 30]), Tensor.From<float>([.. Inputs.Labels(64, 5, 2).Select(label => (float)label)], [64, 1])));

    private static Workload MnistMlp(int batch, double check, double check20) => Make(
        $"mnist_mlp.b{batch}", Flops(batch, 784, 512, 256, 10), new AdamW(), new() { { "lr", 1e-3 }, { "weight_decay", 0.0 } }, check, check20,
        () => new Sequential<float>(
            new Linear<float>(784, 512), new Relu<float>(), new Linear<float>(512, 256), new Relu<float>(), new Linear<float>(256, 10)),
        () => new CrossEntropy<float>(),
        () => (Tensor.From<float>(Inputs.Uniform(batch * 784, 3, 0, 1), [batch, 784]), Tensor.From(Inputs.Labels(batch, 5, 10))));

    /// <summary>The steps of one network, captured and eager. Flops are those of products and convolutions.</summary>
    internal static Workload Make(
        string name, double flops, OptimizerDefinition definition, OptionValues options, double check, double check20,
        Func<Module<float>> model, Func<Loss<float>> loss, Func<(Tensor<float> Inputs, Target<float> Target)> data)
    {
        Workload eager = With(capture: false);
        return With(capture: true) with { Eager = eager };

        Workload With(bool capture) => new($"train.{name}", flops, WorkUnit.Flops, threads => Prepare(threads, capture))
        {
            IsTraining = true,
            ExpectedCheck = check,
            ExpectedCheck20 = check20,
        };

        WorkloadRun Prepare(int threads, bool capture)
        {
            Module<float> network = model();
            Fill(network);
            var context = new ComputeContext(threads);
            Optimizer<float> optimizer = definition.Create<float>(network.NamedParameters(), options);
            var step = new TrainingStep<float>(network, loss(), optimizer, new() { Capture = capture });
            (Tensor<float> inputs, Target<float> target) = data();
            double last = double.NaN;
            return new WorkloadRun(
                () =>
                {
                    using ComputeContext.Usage _ = context.Use();
                    last = step.Run(inputs, target).Loss;
                },
                () => last, threads, context.Dispose, capture ? Profile : null);

            IReadOnlyList<InstructionTime> Profile(int steps)
            {
                using ComputeContext.Usage _ = context.Use();
                return step.Profile(inputs, target, steps);
            }
        }
    }

    /// <summary>Gives a network the weights that every contender has.</summary>
    internal static void Fill(Module<float> network)
    {
        network.Initialize(seed: 0); // gives the parameters memory
        IReadOnlyList<NamedParameter<float>> parameters = network.NamedParameters();
        for (int i = 0; i < parameters.Count; i++)
        {
            Span<float> values = parameters[i].Tensor.AsSpan();
            if (parameters[i].Info.Rank == 1)
            {
                bool isScale = parameters[i].Info.Role == ParameterRole.Norm && parameters[i].Name.EndsWith("weight", StringComparison.Ordinal);
                values.Fill(isScale ? 1 : 0);
                continue;
            }
            Inputs.Uniform(values.Length, FirstSeed + (uint)i).CopyTo(values);
            float root = MathF.Sqrt(values.Length / parameters[i].Info.Shape[0]);
            foreach (ref float value in values)
                value /= root;
        }
    }

    // Products of matrices only: forward, weight gradients, and input gradients but for the first layer.
    private static double Flops(int batch, params int[] widths)
    {
        double products = 0;
        for (int layer = 1; layer < widths.Length; layer++)
            products += (layer == 1 ? 2.0 : 3.0) * widths[layer - 1] * widths[layer];
        return 2 * batch * products;
    }
}
