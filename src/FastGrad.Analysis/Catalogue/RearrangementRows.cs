using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Axes added, removed, split, repeated and padded; diagonals, triangles, windows; further products.</summary>
internal static class RearrangementRows
{
    public static IEnumerable<OperatorRow> All => Affine.Select(row => row.Claiming(Convexity.Affine)).Concat(Products);

    private static IEnumerable<OperatorRow> Affine =>
    [
        Rows.Operation("squeeze", typeof(Reshape<>), x => x[0].Transpose(0, 2).Squeeze(1), x => x[0].Transpose(0, 2).Squeeze(1), x => IndexLoops.Fill([3, 2], i => x[0][i[1], 0, i[0]]), [[2, 1, 3]]),
        Rows.Operation("unsqueeze", typeof(Reshape<>), x => x[0].Transpose().Unsqueeze(1), x => x[0].Transpose().Unsqueeze(1), x => IndexLoops.Fill([3, 1, 2], i => x[0][i[2], i[0]]), [[2, 3]]),
        Rows.Operation("move-axis", typeof(Permute<>), x => x[0].MoveAxis(0, -1), x => x[0].MoveAxis(0, -1), x => IndexLoops.Fill([3, 4, 2], i => x[0][i[2], i[0], i[1]]), [[2, 3, 4]]),
        Rows.Operation("stack", typeof(Concatenate<>), x => TensorRearrangements.Stack(1, x), x => TensorRearrangements.Stack(1, x), x => IndexLoops.Fill([2, 2, 3], i => x[i[1]][i[0], i[2]]), [[2, 3], [2, 3]]),
        Rows.Operation("split", typeof(Slice<>), x => x[0].Split(2, 1)[1], x => x[0].Split(2, 1)[1], x => IndexLoops.Fill([2, 2], i => x[0][i[0], 2 + i[1]]), [[2, 5]]),
        Rows.Operation("chunk", typeof(Slice<>), x => x[0].Chunk(2, -1)[1], x => x[0].Chunk(2, -1)[1], x => IndexLoops.Fill([2, 2], i => x[0][i[0], 3 + i[1]]), [[2, 5]]),
        Rows.Operation("flip", typeof(Flip<>), x => x[0].Transpose().Flip(0), x => x[0].Transpose().Flip(0), x => IndexLoops.Fill([3, 2], i => x[0][i[1], 2 - i[0]]), [[2, 3]]),
        Rows.Operation("flip-axes", typeof(Flip<>), x => x[0].Flip(0, -1), x => x[0].Flip(0, -1), x => IndexLoops.Fill([2, 3, 2], i => x[0][1 - i[0], i[1], 1 - i[2]]), [[2, 3, 2]]),
        Rows.Operation("roll", typeof(Concatenate<>), x => x[0].Roll(-2, 1), x => x[0].Roll(-2, 1), x => IndexLoops.Fill([2, 3], i => x[0][i[0], (i[1] + 2) % 3]), [[2, 3]]),
        Rows.Operation("roll-all", typeof(Concatenate<>), x => x[0].Roll(1), x => x[0].Roll(1), x => [x[0][1, 2], .. x[0].ToArray()[..5]], [[2, 3]]),
        Rows.Operation("repeat", typeof(Broadcast<>), x => x[0].Repeat(2, 1, 3), x => x[0].Repeat(2, 1, 3), x => IndexLoops.Fill([2, 2, 9], i => x[0][i[1], i[2] % 3]), [[2, 3]]),
        Rows.Operation("tile", typeof(Broadcast<>), x => x[0].Tile(2), x => x[0].Tile(2), x => IndexLoops.Fill([2, 6], i => x[0][i[0], i[1] % 3]), [[2, 3]]),
        Rows.Operation("pad", typeof(Pad<>), x => x[0].Pad([1, 2, 0, 1], value: 0.5), x => x[0].Pad([1, 2, 0, 1], value: 0.5f), x => IndexLoops.Fill([3, 6], i => i[0] < 2 && i[1] is >= 1 and < 4 ? x[0][i[0], i[1] - 1] : 0.5), [[2, 3]]),
        Rows.Operation("pad-reflect", typeof(IndexSelect<>), x => x[0].Pad([2, 1], PadMode.Reflect), x => x[0].Pad([2, 1], PadMode.Reflect), x => IndexLoops.Fill([2, 6], i => x[0][i[0], (int[])[2, 1, 0, 1, 2, 1] is var at ? at[i[1]] : 0]), [[2, 3]]),
        Rows.Operation("pad-replicate", typeof(IndexSelect<>), x => x[0].Pad([2, 1], PadMode.Replicate), x => x[0].Pad([2, 1], PadMode.Replicate), x => IndexLoops.Fill([2, 6], i => x[0][i[0], Math.Clamp(i[1] - 2, 0, 2)]), [[2, 3]]),
        Rows.Operation("pad-circular", typeof(IndexSelect<>), x => x[0].Pad([0, 0, 1, 2], PadMode.Circular), x => x[0].Pad([0, 0, 1, 2], PadMode.Circular), x => IndexLoops.Fill([5, 3], i => x[0][(i[0] + 1) % 2, i[1]]), [[2, 3]]),
        Rows.Operation("tril", typeof(Triangle<>), x => x[0].Tril(-1), x => x[0].Tril(-1), x => IndexLoops.Fill(x[0].Shape, i => i[^1] <= i[^2] - 1 ? x[0][i] : 0), [[3, 3]], [[2, 2, 3]]),
        Rows.Operation("triu", typeof(Triangle<>), x => x[0].Triu(1), x => x[0].Triu(1), x => IndexLoops.Fill(x[0].Shape, i => i[^1] >= i[^2] + 1 ? x[0][i] : 0), [[3, 3]], [[2, 3, 2]]),
        Rows.Operation("diagonal", typeof(Diagonal<>), x => x[0].Diagonal(1, 2, 0), x => x[0].Diagonal(1, 2, 0), x => IndexLoops.Fill([2, 2], i => x[0][i[1] + 1, i[0], i[1]]), [[3, 2, 2]]),
        Rows.Operation("diagonal-below", typeof(Diagonal<>), x => x[0].Diagonal(-1), x => x[0].Diagonal(-1), x => IndexLoops.Fill([2], i => x[0][i[0] + 1, i[0]]), [[3, 3]]),
        Rows.Operation("diagonal-embed", typeof(DiagonalEmbed<>), x => new DiagonalEmbed<double>([3, 4], 1, 0, 1).Apply(x), x => new DiagonalEmbed<float>([3, 4], 1, 0, 1).Apply(x), x => IndexLoops.Fill([3, 4], i => i[1] == i[0] + 1 ? x[0][i[0]] : 0), [[3]]),
        Rows.Operation("trace", typeof(Diagonal<>), x => x[0].Trace(), x => x[0].Trace(), x => [x[0][0, 0] + x[0][1, 1]], [[2, 3]], [[2, 2]]),
        Rows.Operation("windows", typeof(Windows<>), x => x[0].Unfold(0, 3, 2), x => x[0].Unfold(0, 3, 2), x => IndexLoops.Fill([2, 2, 3], i => x[0][2 * i[0] + i[2], i[1]]), [[6, 2]]),
        Rows.Operation("window-sum", typeof(WindowSum<>), x => new WindowSum<double>(0, 5, 1, 2).Apply(x), x => new WindowSum<float>(0, 5, 1, 2).Apply(x), x => IndexLoops.Fill([5, 2], i => IndexLoops.Of([3, 2]).Sum(w => w[0] + 2 * w[1] == i[0] ? x[0][w[0], i[1], w[1]] : 0)), [[3, 2, 2]]),
        Rows.Operation("unfold", typeof(Windows<>), x => x[0].Unfold((2, 2), padding: 1, stride: 2), x => x[0].Unfold((2, 2), padding: 1, stride: 2), x => Unfold(x[0]), [[1, 2, 3, 2]]),
        Rows.Operation("fold", typeof(WindowSum<>), x => x[0].Fold((3, 2), (2, 2)), x => x[0].Fold((3, 2), (2, 2)), x => IndexLoops.Fill([1, 1, 3, 2], i => IndexLoops.Of([2, 2, 2]).Sum(w => w[0] + w[2] == i[2] && w[1] == i[3] ? x[0][0, w[0] * 2 + w[1], w[2]] : 0)), [[1, 4, 2]]),
    ];

    private static IEnumerable<OperatorRow> Products =>
    [
        Rows.Operation("matmul-vectors", typeof(MatMul<>), x => x[0].MatMul(x[1]), x => x[0].MatMul(x[1]), x => [Enumerable.Range(0, 3).Sum(k => x[0][k] * x[1][k])], [[3], [3]]),
        Rows.Operation("matmul-vector", typeof(MatMul<>), x => x[0].MatMul(x[1]), x => x[0].MatMul(x[1]), x => IndexLoops.Fill([2, 2], i => Enumerable.Range(0, 3).Sum(k => x[0][i[0], i[1], k] * x[1][k])), [[2, 2, 3], [3]]),
        Rows.Operation("vector-matmul", typeof(MatMul<>), x => x[0].MatMul(x[1]), x => x[0].MatMul(x[1]), x => IndexLoops.Fill([2, 2], i => Enumerable.Range(0, 3).Sum(k => x[0][k] * x[1][i[0], k, i[1]])), [[3], [2, 3, 2]]),
        Rows.Operation("matmul-broadcast", typeof(MatMul<>), x => x[0].MatMul(x[1]), x => x[0].MatMul(x[1]), x => IndexLoops.Fill([2, 2, 1, 2], i => Enumerable.Range(0, 2).Sum(k => x[0][i[0], 0, i[2], k] * x[1][i[1], k, i[3]])), [[2, 1, 1, 2], [2, 2, 2]]),
        Rows.Operation("outer", typeof(Reshape<>), x => x[0].Outer(x[1]), x => x[0].Outer(x[1]), x => IndexLoops.Fill([2, 3], i => x[0][i[0]] * x[1][i[1]]), [[2], [3]]),
        Rows.Operation("einsum", typeof(MatMul<>), x => TensorProducts.Einsum("bij,kbj->kib", x), x => TensorProducts.Einsum("bij,kbj->kib", x), x => IndexLoops.Fill([2, 3, 2], i => Enumerable.Range(0, 2).Sum(j => x[0][i[2], i[1], j] * x[1][i[0], i[2], j])), [[2, 3, 2], [2, 2, 2]]),
        Rows.Operation("einsum-three", typeof(MatMul<>), x => TensorProducts.Einsum("ii,ij,...j->...j", x), x => TensorProducts.Einsum("ii,ij,...j->...j", x), x => IndexLoops.Fill([2, 3], n => Enumerable.Range(0, 2).Sum(i => x[0][i, i] * x[1][i, n[1]]) * x[2][n]), [[2, 2], [2, 3], [2, 3]]),
    ];

    private static double[] Unfold(Tensor<double> x) => IndexLoops.Fill([1, 8, 4], i =>
    {
        int channel = i[1] / 4, row = i[2] / 2 * 2 + i[1] / 2 % 2 - 1, column = i[2] % 2 * 2 + i[1] % 2 - 1;
        return row is >= 0 and < 3 && column is >= 0 and < 2 ? x[0, channel, row, column] : 0;
    });
}
