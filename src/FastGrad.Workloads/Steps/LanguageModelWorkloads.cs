using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>train.gpt*</c>: training steps of a small language model.</summary>
public static class LanguageModelWorkloads
{
    private const int Vocabulary = 65, Context = 64, Width = 128, Heads = 4, Layers = 4;

    /// <summary>The language model of the project's performance table.</summary>
    public static IEnumerable<Workload> All => [Gpt(16)];

    private static Workload Gpt(int batch) => TrainingWorkloads.Make(
        $"gpt{Layers}x{Width}.b{batch}", Flops(batch), new AdamW(), new() { { "lr", 1e-3 }, { "weight_decay", 0.0 } }, 4.32046, 1.73688,
        () => new LanguageModel(Vocabulary, Context, Width, Heads, Layers),
        () => new CrossEntropy<float>(),
        () => (
            Tensor.From<float>([.. Inputs.Labels(batch * Context, 3, Vocabulary).Select(token => (float)token)], [batch, Context]),
            Tensor.From(Inputs.Labels(batch * Context, 5, Vocabulary), [batch, Context])));

    // Products of matrices only, three times for forward and both gradients; attention as if it were not causal, whose backward does five products for two.
    private static double Flops(int batch)
    {
        double tokens = batch * Context, layer = 12.0 * Width * Width;
        double products = 3 * tokens * (Layers * layer + Width * Vocabulary), scores = 7 * tokens * Context * Width * Layers;
        return 2 * (products + scores);
    }
}
