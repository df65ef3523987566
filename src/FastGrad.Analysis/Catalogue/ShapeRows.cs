using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Shapes, parts, joins, and matrix products.</summary>
internal static class ShapeRows
{
    public static IEnumerable<OperatorRow> All => Affine.Select(row => row.Claiming(Convexity.Affine)).Concat(Products);

    private static IEnumerable<OperatorRow> Affine =>
    [
        Rows.Operation("reshape", typeof(Reshape<>), x => x[0].Reshape([3, 2]), x => x[0].Reshape([3, 2]), x => x[0].ToArray(), [[2, 3]], [[6]]),
        Rows.Operation("reshape-transposed", typeof(Reshape<>), x => x[0].Transpose().Reshape([6]), x => x[0].Transpose().Reshape([6]), x => IndexLoops.Fill([3, 2], i => x[0][i[1], i[0]]), [[2, 3]]),
        Rows.Operation("flatten", typeof(Reshape<>), x => x[0].Flatten(1), x => x[0].Flatten(1), x => x[0].ToArray(), [[2, 3, 2]]),
        Rows.Operation("permute", typeof(Permute<>), x => x[0].Permute(2, 0, 1), x => x[0].Permute(2, 0, 1), x => IndexLoops.Fill([4, 2, 3], i => x[0][i[1], i[2], i[0]]), [[2, 3, 4]]),
        Rows.Operation("transpose", typeof(Permute<>), x => x[0].Transpose(), x => x[0].Transpose(), x => IndexLoops.Fill([3, 2], i => x[0][i[1], i[0]]), [[2, 3]]),
        Rows.Operation("slice", typeof(Slice<>), x => x[0].Slice(1, 1, 2, 2), x => x[0].Slice(1, 1, 2, 2), x => IndexLoops.Fill([2, 2], i => x[0][i[0], 1 + 2 * i[1]]), [[2, 5]]),
        Rows.Operation("select-index", typeof(Slice<>), x => x[0].Select(1, 2), x => x[0].Select(1, 2), x => IndexLoops.Fill([2], i => x[0][i[0], 2]), [[2, 3]]),
        Rows.Operation("embed", typeof(Embed<>), x => new Embed<double>(0, 1, 5, 2).Apply(x), x => new Embed<float>(0, 1, 5, 2).Apply(x), x => IndexLoops.Fill([5, 3], i => i[0] % 2 == 1 ? x[0][i[0] / 2, i[1]] : 0), [[2, 3]]),
        Rows.Operation("broadcast", typeof(Broadcast<>), x => x[0].BroadcastTo([2, 3]), x => x[0].BroadcastTo([2, 3]), x => IndexLoops.Fill([2, 3], i => x[0].Rank == 0 ? x[0].Item() : x[0].Rank == 1 ? x[0][i[1]] : x[0][i[0], 0]), [[3]], [[2, 1]], [[]]),
        Rows.Operation("concatenate", typeof(Concatenate<>), x => TensorShapes.Concatenate(1, x), x => TensorShapes.Concatenate(1, x), x => IndexLoops.Fill([2, 6], i => i[1] < 2 ? x[0][i[0], i[1]] : i[1] < 5 ? x[1][i[0], i[1] - 2] : x[2][i[0], 0]), [[2, 2], [2, 3], [2, 1]]),
        Rows.Operation("concatenate-outer", typeof(Concatenate<>), x => TensorShapes.Concatenate(0, x[0], x[1], x[0]), x => TensorShapes.Concatenate(0, x[0], x[1], x[0]), x => [.. x[0].ToArray(), .. x[1].ToArray(), .. x[0].ToArray()], [[1, 3], [2, 3]]),
    ];

    private static IEnumerable<OperatorRow> Products =>
    [
        Rows.Operation("matmul", typeof(MatMul<>), x => x[0].MatMul(x[1]), x => x[0].MatMul(x[1]), x => MatMul(x[0], x[1]), [[2, 3], [3, 4]], [[1, 3], [3, 1]], [[2, 2, 3], [3, 2]], [[2, 2, 3], [2, 3, 2]], [[3, 1], [1, 2]]),
        Rows.Operation("matmul-transposed", typeof(MatMul<>), x => x[0].Transpose().MatMul(x[1].Transpose()), x => x[0].Transpose().MatMul(x[1].Transpose()), x => IndexLoops.Fill([2, 4], i => Enumerable.Range(0, 3).Sum(k => x[0][k, i[0]] * x[1][i[1], k])), [[3, 2], [4, 3]]),
        Rows.Operation("linear", typeof(Linear<>), x => x[0].Linear(x[1], x[2]), x => x[0].Linear(x[1], x[2]), x => Linear(x[0], x[1], x[2]), [[2, 3], [4, 3], [4]], [[3], [2, 3], [2]], [[2, 2, 3], [2, 3], [2]]),
        Rows.Operation("linear-unbiased", typeof(Linear<>), x => x[0].Linear(x[1]), x => x[0].Linear(x[1]), x => Linear(x[0], x[1], null), [[2, 3], [4, 3]], [[3], [2, 3]]),
    ];

    private static double[] MatMul(Tensor<double> a, Tensor<double> b)
    {
        Shape shape = Shape.Create([.. a.Shape.Axes[..^1], b.Shape[-1]]);
        return IndexLoops.Fill(shape, i => Enumerable.Range(0, a.Shape[-1]).Sum(k =>
            a[[.. i[..^1], k]] * (b.Rank == 2 ? b[k, i[^1]] : b[[.. i[..^2], k, i[^1]]])));
    }

    private static double[] Linear(Tensor<double> x, Tensor<double> w, Tensor<double>? b)
    {
        Shape shape = Shape.Create([.. x.Shape.Axes[..^1], w.Shape[0]]);
        return IndexLoops.Fill(shape, i => (b?[i[^1]] ?? 0) + Enumerable.Range(0, w.Shape[1]).Sum(k => x[[.. i[..^1], k]] * w[i[^1], k]));
    }
}
