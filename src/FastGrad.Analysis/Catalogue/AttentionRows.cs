using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Attention.</summary>
internal static class AttentionRows
{
    // Row 1 of the mask hides everything: its output is 0 by declaration.
    private static readonly Tensor<bool> s_allowed = Tensor.From<bool>([true, false, true, false, false, false, true, true, true], [3, 3]);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Operation("attention", typeof(Attention<>), x => x[0].ScaledDotProductAttention(x[1], x[2]), x => x[0].ScaledDotProductAttention(x[1], x[2]),
            x => Loops(x[0], x[1], x[2], (_, _, _) => 0, 1 / Math.Sqrt(x[0].Shape[-1])), [[2, 3], [4, 3], [4, 2]], [[2, 2, 3], [2, 3, 3], [2, 3, 3]], [[2, 1, 2, 1], [2, 1, 3, 1], [2, 1, 3, 2]]),
        Rows.Operation("attention-causal", typeof(Attention<>), x => x[0].ScaledDotProductAttention(x[1], x[2], causal: true, scale: 0.75), x => x[0].ScaledDotProductAttention(x[1], x[2], causal: true, scale: 0.75),
            x => Loops(x[0], x[1], x[2], (_, i, j) => j > i ? double.NegativeInfinity : 0, 0.75), [[3, 2], [3, 2], [3, 2]], [[1, 2, 2, 2], [1, 2, 4, 2], [1, 2, 4, 1]]),
        Rows.Operation("attention-allowed", typeof(Attention<>), x => x[0].ScaledDotProductAttention(x[1], x[2], allowed: s_allowed), x => x[0].ScaledDotProductAttention(x[1], x[2], allowed: s_allowed),
            x => Loops(x[0], x[1], x[2], (_, i, j) => s_allowed[i, j] ? 0 : double.NegativeInfinity, 1 / Math.Sqrt(2)), [[2, 3, 2], [2, 3, 2], [2, 3, 2]]),
        Rows.Operation("attention-biased", typeof(Attention<>), x => x[0].ScaledDotProductAttention(x[1], x[2], mask: x[3]), x => x[0].ScaledDotProductAttention(x[1], x[2], mask: x[3]),
            x => Loops(x[0], x[1], x[2], (h, i, j) => x[3].Rank == 2 ? x[3][i, j] : x[3][h, 0, j], 1 / Math.Sqrt(2)), [[2, 2, 2], [2, 3, 2], [2, 3, 2], [2, 3]], [[2, 2, 2], [2, 3, 2], [2, 3, 2], [2, 1, 3]]),
        Rows.Operation("packed-attention", typeof(PackedAttention<>), x => x[0].PackedAttention(2), x => x[0].PackedAttention(2), x => Packed(x[0], 2, (_, _, _) => 0), [[2, 3, 12]], [[3, 6]]),
        Rows.Operation("packed-attention-causal", typeof(PackedAttention<>), x => x[0].PackedAttention(1, causal: true), x => x[0].PackedAttention(1, causal: true), x => Packed(x[0], 1, (_, i, j) => j > i ? double.NegativeInfinity : 0), [[2, 3, 6]]),
        Rows.Operation("packed-attention-allowed", typeof(PackedAttention<>), x => x[0].PackedAttention(2, allowed: s_allowed), x => x[0].PackedAttention(2, allowed: s_allowed), x => Packed(x[0], 2, (_, i, j) => s_allowed[i, j] ? 0 : double.NegativeInfinity), [[2, 3, 6]]),
    ];

    // Q, K, V with any axes before the last two; the bias is asked by the last of these axes, query and key.
    private static double[] Loops(Tensor<double> q, Tensor<double> k, Tensor<double> v, Func<int, int, int, double> bias, double scale) => IndexLoops.Fill(
        Shape.Create([.. q.Shape.Axes[..^1], v.Shape[-1]]),
        o =>
        {
            int i = o[^2], head = o.Length > 2 ? o[^3] : 0;
            int[] before = o[..^2];
            double Key(int j) => scale * Enumerable.Range(0, q.Shape[-1]).Sum(e => q[[.. before, i, e]] * k[[.. before, j, e]]) + bias(head, i, j);
            return Weighted([.. Enumerable.Range(0, k.Shape[-2]).Select(Key)], j => v[[.. before, j, o[^1]]]);
        });

    private static double[] Packed(Tensor<double> x, int heads, Func<int, int, int, double> bias)
    {
        int width = x.Shape[-1] / 3, part = width / heads;
        return IndexLoops.Fill(Shape.Create([.. x.Shape.Axes[..^1], width]), o =>
        {
            int head = o[^1] / part;
            double At(int time, int which, int element) => x[[.. o[..^2], time, which * width + element]];
            double Score(int j) => Enumerable.Range(head * part, part).Sum(e => At(o[^2], 0, e) * At(j, 1, e)) / Math.Sqrt(part) + bias(head, o[^2], j);
            return Weighted([.. Enumerable.Range(0, x.Shape[-2]).Select(Score)], j => At(j, 2, o[^1]));
        });
    }

    private static double Weighted(double[] scores, Func<int, double> value)
    {
        Precise sum = 0, total = 0;
        for (int j = 0; j < scores.Length; j++)
        {
            if (double.IsNegativeInfinity(scores[j]))
                continue;
            Precise p = PreciseFunctions.Exp(scores[j]);
            sum += p;
            total += p * value(j);
        }
        return sum > 0 ? (total / sum).High : 0;
    }
}
