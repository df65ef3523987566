using System.Numerics;
using FastGrad.Kernels.Attention;
using FastGrad.Kernels.Workers;

namespace FastGrad.Legs.Cases;

/// <summary>Attention, forward and backward: whole heads, cut heads, several blocks of keys, causal and masked.</summary>
internal static class AttentionCases
{
    public static IEnumerable<Case> All(WorkerTeam workers) => [.. In<float>("float", workers), .. In<double>("double", workers)];

    private static IEnumerable<Case> In<T>(string type, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (AttentionShape shape in (AttentionShape[])[new(2, 4, 20, 20, 8, 8, true), new(1, 1, 70, 45, 7, 19), new(1, 1, 45, 700, 5, 3), new(1, 3, 100, 100, 33, 16, true)])
        {
            foreach (bool masked in (bool[])[false, true])
                yield return new($"attention.{shape.Batch}x{shape.Heads}x{shape.Queries}x{shape.Keys}x{shape.Width}x{shape.ValueWidth}{(masked ? ".masked" : "")}.{type}", digest => Both<T>(digest, shape, masked, workers));
        }
    }

    private static void Both<T>(Digest digest, AttentionShape shape, bool masked, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int heads = shape.Batch * shape.Heads;
        T[] q = Inputs.Uniform<T>(heads * shape.Queries * shape.Width, 21, -3, 3), k = Inputs.Uniform<T>(heads * shape.Keys * shape.Width, 22, -3, 3);
        T[] v = Inputs.Uniform<T>(heads * shape.Keys * shape.ValueWidth, 23), d = Inputs.Uniform<T>(heads * shape.Queries * shape.ValueWidth, 24);
        T[] bias = Inputs.Uniform<T>(shape.Queries * shape.Keys, 25, -2, 2);
        for (int i = 0; i < bias.Length; i += 3)
            bias[i] = T.NegativeInfinity;
        AttentionMask<T> mask = masked ? new(bias, new HeadLayout(0, 0, shape.Keys)) : default;
        HeadLayout ql = HeadLayout.Dense(shape.Heads, shape.Queries, shape.Width), kl = HeadLayout.Dense(shape.Heads, shape.Keys, shape.Width);
        HeadLayout vl = HeadLayout.Dense(shape.Heads, shape.Keys, shape.ValueWidth), ol = HeadLayout.Dense(shape.Heads, shape.Queries, shape.ValueWidth);
        T[] output = new T[d.Length], lse = new T[heads * shape.Queries];
        T[] dq = Inputs.Uniform<T>(q.Length, 26), dk = Inputs.Uniform<T>(k.Length, 27), dv = Inputs.Uniform<T>(v.Length, 28);
        T scale = T.CreateTruncating(0.375);
        ScaledDotProductAttention.Forward(shape, scale, mask, q, ql, k, kl, v, vl, output, ol, lse, workers);
        digest.Add<T>(output);
        digest.Add<T>(lse);
        foreach (bool accumulate in (bool[])[true, false])
        {
            ScaledDotProductAttention.Backward(
                shape, scale, mask, q, ql, k, kl, v, vl, output, ol, lse, d, ol, dq, ql, dk, kl, dv, vl, accumulate, workers);
            digest.Add<T>(dq);
            digest.Add<T>(dk);
            digest.Add<T>(dv);
        }
    }
}
