using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Selections by masks that are read, and by masks that comparisons find.</summary>
internal static class MaskRows
{
    private static readonly Tensor<bool> s_condition = Tensor.From<bool>([true, false, true], [3]);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Operation("where-broadcast", typeof(Where<>), x => x[0].Where(s_condition, x[1]), x => x[0].Where(s_condition, x[1]), x => IndexLoops.Fill([2, 3], i => (i[1] == 1 ? x[1] : x[0]) is var side && side.Rank == 2 ? side[i[0] % side.Shape[0], i[1] % side.Shape[1]] : side.Rank == 1 ? side[i[1]] : side.Item()), [[2, 3], [2, 3]], [[2, 1], [3]], [[2, 3], []])
            .Claiming(Convexity.Affine)
            .Stating(new StatedPoint([Tensor.From(1.0, 2, 3), Tensor.From(4, double.NaN, double.PositiveInfinity)], [1, double.NaN, 3], [[1, 0, 1], [0, 1, 0]])),
        Rows.Operation("where-compared", typeof(Where<>), x => x[0].Square().Where(x[0].GreaterThan(x[1]), x[1] * 3.0), x => x[0].Square().Where(x[0].GreaterThan(x[1]), x[1] * 3f), x => IndexLoops.Fill([2, 3], i => x[0][i] > x[1][i[1]] ? x[0][i] * x[0][i] : 3 * x[1][i[1]]), [[2, 3], [3]])
            with { KinkDistance = x => (x[0] - x[1]).ToArray().Min(Math.Abs) },
    ];
}
