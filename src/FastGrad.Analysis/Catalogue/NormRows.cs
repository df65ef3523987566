using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Normalizations: of rows, of channels over a batch, of groups of channels.</summary>
internal static class NormRows
{
    private static readonly Tensor<double> s_mean = Tensor.From(0.25, -0.5), s_variance = Tensor.From(0.75, 2.0);
    private static readonly Tensor<float> s_singleMean = Tensor.From(0.25f, -0.5f), s_singleVariance = Tensor.From(0.75f, 2f);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Operation("layer-norm", typeof(LayerNorm<>), x => x[0].LayerNorm(x[1], x[2]), x => x[0].LayerNorm(x[1], x[2]), x => Norm(x, i => i / 4, i => i % 4), [[3, 4], [4], [4]], [[2, 3, 4], [4], [4]]),
        Rows.Operation("layer-norm-axes", typeof(LayerNorm<>), x => x[0].LayerNorm(x[1], axes: 2), x => x[0].LayerNorm(x[1], axes: 2), x => Norm(x, i => i / 6, i => i % 6), [[2, 3, 2], [3, 2]]),
        Rows.Operation("layer-norm-plain", typeof(LayerNorm<>), x => x[0].LayerNorm(), x => x[0].LayerNorm(), x => Norm(x, i => i / 4, i => 0), [[3, 4]]),
        Rows.Operation("rms-norm", typeof(RmsNorm<>), x => x[0].RmsNorm(x[1], epsilon: 1e-5), x => x[0].RmsNorm(x[1], epsilon: 1e-5), x => Norm(x, i => i / 4, i => i % 4, centred: false), [[3, 4], [4]]),
        Rows.Operation("batch-norm", typeof(BatchNorm<>), x => x[0].BatchNorm(x[1], x[2], out _, out _), x => x[0].BatchNorm(x[1], x[2], out _, out _), x => Norm(x, i => i % 2, i => i % 2), [[5, 2], [2], [2]]),
        Rows.Operation("batch-norm-images", typeof(BatchNorm<>), x => x[0].BatchNorm(x[1], x[2], out _, out _), x => x[0].BatchNorm(x[1], x[2], out _, out _), x => Norm(x, i => i / 4 % 2, i => i / 4 % 2), [[3, 2, 2, 2], [2], [2]]),
        Rows.Operation("batch-moments", typeof(BatchMoments<>), x => BatchMoments<double>.Instance.Apply(x), x => BatchMoments<float>.Instance.Apply(x), Moments, [[3, 2, 2]], [[4, 2]]),
        Rows.Operation("batch-norm-given", typeof(BatchNorm<>), x => x[0].BatchNorm(s_mean, s_variance, x[1], x[2]), x => x[0].BatchNorm(s_singleMean, s_singleVariance, x[1], x[2]),
            x => [.. x[0].ToArray().Select((v, i) => (v - s_mean[i / 3 % 2]) / Math.Sqrt(s_variance[i / 3 % 2] + 1e-5) * x[1][i / 3 % 2] + x[2][i / 3 % 2])], [[2, 2, 3], [2], [2]]),
        Rows.Operation("group-norm", typeof(GroupNorm<>), x => x[0].GroupNorm(2, x[1], x[2]), x => x[0].GroupNorm(2, x[1], x[2]), x => Norm(x, i => i / 6, i => i / 3 % 4), [[2, 4, 3], [4], [4]]),
        Rows.Operation("instance-norm", typeof(GroupNorm<>), x => x[0].InstanceNorm(x[1], x[2]), x => x[0].InstanceNorm(x[1], x[2]), x => Norm(x, i => i / 4, i => i / 4 % 2), [[2, 2, 4], [2], [2]]),
    ];

    private static double[] Moments(Tensor<double>[] x)
    {
        int[] axes = [.. Enumerable.Range(0, x[0].Rank).Where(axis => axis != 1)];
        return [.. IndexLoops.Reduce(x[0], axes, e => e.Average()), .. IndexLoops.Reduce(x[0], axes, e => e.Average(v => (v - e.Average()) * (v - e.Average())))];
    }

    // Elements with one number are normalized together, then scaled and shifted by the parameter of the other number.
    private static double[] Norm(Tensor<double>[] x, Func<int, int> group, Func<int, int> parameter, bool centred = true)
    {
        double[] values = x[0].ToArray(), result = new double[values.Length];
        double[] weight = x.Length > 1 ? x[1].ToArray() : [1], bias = x.Length > 2 ? x[2].ToArray() : new double[weight.Length];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, values.Length).GroupBy(group))
        {
            double mean = centred ? members.Average(i => values[i]) : 0, deviation = Math.Sqrt(members.Average(i => (values[i] - mean) * (values[i] - mean)) + 1e-5);
            foreach (int i in members)
                result[i] = (values[i] - mean) / deviation * weight[parameter(i)] + bias[parameter(i)];
        }
        return result;
    }
}
