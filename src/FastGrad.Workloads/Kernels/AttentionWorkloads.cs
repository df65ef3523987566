using FastGrad.Kernels.Attention;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary><c>attention.{forward,backward}.BATCHxHEADSxLENGTHxWIDTH[.causal]</c>: scaled dot products in float, each head dense; queries from seed 1, keys 2, values 3, the output's gradient 4.</summary>
public static class AttentionWorkloads
{
    private static readonly (int Batch, int Heads, int Length, int Width, bool Causal)[] s_shapes =
        [(16, 4, 64, 32, true), (2, 8, 512, 64, true), (2, 8, 512, 64, false), (1, 8, 2048, 64, true)];

    /// <summary>The small GPT's attention, and longer ones. Backward is all three gradients.</summary>
    public static IEnumerable<Workload> All => s_shapes.SelectMany(shape =>
    {
        var attention = new AttentionShape(shape.Batch, shape.Heads, shape.Length, shape.Length, shape.Width, shape.Width, shape.Causal);
        string size = $"{shape.Batch}x{shape.Heads}x{shape.Length}x{shape.Width}{(shape.Causal ? ".causal" : "")}";
        return new[] { Forward(attention, size), Backward(attention, size) };
    });

    private static Workload Forward(AttentionShape shape, string size) =>
        new($"attention.forward.{size}", 2 * Product(shape), WorkUnit.Flops, threads =>
        {
            int n = Elements(shape);
            Floats q = Inputs.Uniform(n, 1), k = Inputs.Uniform(n, 2), v = Inputs.Uniform(n, 3), y = new(n);
            HeadLayout layout = Layout(shape);
            float scale = 1 / MathF.Sqrt(shape.Width);
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(
                () => ScaledDotProductAttention.Forward<float>(shape, scale, default, q, layout, k, layout, v, layout, y, layout, default, workers),
                () => Checks.Sum(y), threads, workers.Dispose);
        });

    private static Workload Backward(AttentionShape shape, string size) =>
        new($"attention.backward.{size}", 5 * Product(shape), WorkUnit.Flops, threads =>
        {
            int n = Elements(shape);
            Floats q = Inputs.Uniform(n, 1), k = Inputs.Uniform(n, 2), v = Inputs.Uniform(n, 3), y = new(n), dy = Inputs.Uniform(n, 4);
            Floats dq = new(n), dk = new(n), dv = new(n), logSumExp = new(n / shape.Width);
            HeadLayout layout = Layout(shape);
            float scale = 1 / MathF.Sqrt(shape.Width);
            var workers = new WorkerTeam(threads);
            ScaledDotProductAttention.Forward<float>(shape, scale, default, q, layout, k, layout, v, layout, y, layout, logSumExp, workers);
            return new WorkloadRun(
                () => ScaledDotProductAttention.Backward<float>(
                    shape, scale, default, q, layout, k, layout, v, layout, y, layout, logSumExp, dy, layout, dq, layout, dk, layout, dv, layout, false, workers),
                () => Checks.Sum(dq) + Checks.Sum(dk) + Checks.Sum(dv), threads, workers.Dispose);
        });

    // One product over the scores; of a causal mask half counts.
    private static double Product(AttentionShape shape) =>
        2.0 * shape.Batch * shape.Heads * shape.Queries * shape.Keys * shape.Width / (shape.Causal ? 2 : 1);

    private static int Elements(AttentionShape shape) => shape.Batch * shape.Heads * shape.Queries * shape.Width;

    private static HeadLayout Layout(AttentionShape shape) => HeadLayout.Dense(shape.Heads, shape.Queries, shape.Width);
}
