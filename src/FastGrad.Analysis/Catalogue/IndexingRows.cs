using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Elements and slices by index, masks, running sums.</summary>
internal static class IndexingRows
{
    private static readonly Tensor<int> s_few = Tensor.From(2, 0, 2), s_table = Tensor.From<int>([1, 3, 3, 0], [2, 2]);
    private static readonly Tensor<int> s_index = Tensor.From<int>([2, 0, 1, 0, 2, 1], [2, 3]), s_again = Tensor.From<int>([1, 1, 0, 2, 2, 2], [2, 3]);
    private static readonly DropoutDraw s_draw = new() { Stream = new(5, 7) };
    private static readonly Tensor<bool> s_mask = Tensor.From(true, false, true);

    public static IEnumerable<OperatorRow> All => Affine.Select(row => row.Claiming(Convexity.Affine)).Concat(
    [
        // A constant has no derivative of its own: it is checked as a factor.
        Rows.Operation("last-of-index", typeof(LastOfIndex<>), x => x[0] * new LastOfIndex<double>(1, s_again, 3).Apply(), x => x[0] * new LastOfIndex<float>(1, s_again, 3).Apply(), x => IndexLoops.Fill([2, 3], i => i[0] == 0 ? (i[1] == 0 ? 0 : x[0][i]) : (i[1] == 2 ? x[0][i] : 0)), [[2, 3]]),
    ]);

    private static IEnumerable<OperatorRow> Affine =>
    [
        Rows.Operation("index-select", typeof(IndexSelect<>), x => x[0].IndexSelect(1, s_few), x => x[0].IndexSelect(1, s_few), x => IndexLoops.Fill([2, 3, 2], i => x[0][i[0], s_few[i[1]], i[2]]), [[2, 3, 2]]),
        Rows.Operation("embedding", typeof(IndexSelect<>), x => x[0].Embedding(s_table), x => x[0].Embedding(s_table), x => IndexLoops.Fill([2, 2, 3], i => x[0][s_table[i[0], i[1]], i[2]]), [[4, 3]]),
        Rows.Operation("index-sum", typeof(IndexSum<>), x => new IndexSum<double>(0, s_table, 4).Apply(x), x => new IndexSum<float>(0, s_table, 4).Apply(x), x => IndexLoops.Fill([4, 3], i => IndexLoops.Of([2, 2]).Sum(k => s_table[k] == i[0] ? x[0][k[0], k[1], i[1]] : 0)), [[2, 2, 3]]),
        Rows.Operation("gather", typeof(Gather<>), x => x[0].Gather(1, s_again), x => x[0].Gather(1, s_again), x => IndexLoops.Fill([2, 3], i => x[0][i[0], s_again[i]]), [[2, 3]], [[3, 4]]),
        Rows.Operation("gather-outer", typeof(Gather<>), x => x[0].Gather(0, s_index), x => x[0].Gather(0, s_index), x => IndexLoops.Fill([2, 3], i => x[0][s_index[i], i[1]]), [[3, 3]]),
        Rows.Operation("scatter", typeof(Scatter<>), x => x[0].Scatter(1, s_again, x[1]), x => x[0].Scatter(1, s_again, x[1]), x => IndexLoops.Fill([2, 4], i => Enumerable.Range(0, 3).Reverse().Where(k => s_again[i[0], k] == i[1]).Select(k => (double?)x[1][i[0], k]).FirstOrDefault() ?? x[0][i]), [[2, 4], [2, 3]]),
        Rows.Operation("scatter-add", typeof(ScatterAdd<>), x => x[0].ScatterAdd(1, s_again, x[1]), x => x[0].ScatterAdd(1, s_again, x[1]), x => IndexLoops.Fill([2, 4], i => x[0][i] + Enumerable.Range(0, 3).Sum(k => s_again[i[0], k] == i[1] ? x[1][i[0], k] : 0)), [[2, 4], [2, 3]]),
        Rows.Operation("masked-fill", typeof(MaskedFill<>), x => x[0].MaskedFill(s_mask, 0.5), x => x[0].MaskedFill(s_mask, 0.5f), x => IndexLoops.Fill(x[0].Shape, i => s_mask[i[^1]] ? 0.5 : x[0][i]), [[2, 3]], [[3]]),
        Rows.Operation("dropout", typeof(Dropout<>), x => x[0].Dropout(0.25, s_draw), x => x[0].Dropout(0.25, s_draw), x => [.. x[0].ToArray().Select((v, i) => s_draw.Stream.UniformSingle((ulong)i) < 0.25f ? 0 : v / 0.75)], [[3, 5]]),
        Rows.Operation("cumulative-sum", typeof(CumulativeSum<>), x => x[0].CumulativeSum(1), x => x[0].CumulativeSum(1), x => IndexLoops.Fill(x[0].Shape, i => Enumerable.Range(0, i[1] + 1).Sum(k => x[0][[i[0], k, .. i[2..]]])), [[2, 3]], [[2, 3, 2]]),
        Rows.Operation("cumulative-sum-reverse", typeof(CumulativeSum<>), x => x[0].CumulativeSum(0, reverse: true), x => x[0].CumulativeSum(0, reverse: true), x => IndexLoops.Fill(x[0].Shape, i => Enumerable.Range(i[0], 3 - i[0]).Sum(k => x[0][k, i[1]])), [[3, 2]]),
    ];
}
