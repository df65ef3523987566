using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Functions;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Products, variances, norms and extrema over any axes, running ones, and what an order selects.</summary>
internal static class StatisticRows
{
    private const double Huge = 1267650600228229401496703205376.0; // 2¹⁰⁰: its square overflows in float

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Operation("prod", typeof(Product<>), x => x[0].Prod(), x => x[0].Prod(), x => IndexLoops.Reduce(x[0], [], Multiply), [[2, 3]], [[1]], [[]])
            .Stating(new StatedPoint([Tensor.From(0.0, 2, 3)], [0], [[6, 0, 0]]), new StatedPoint([Tensor.From(0.0, 0, 3)], [0], [[0, 0, 0]])),
        Rows.Operation("prod-axes", typeof(Product<>), x => x[0].Prod([0, 2]), x => x[0].Prod([0, 2]), x => IndexLoops.Reduce(x[0], [0, 2], Multiply), [[2, 3, 2]]),
        Rows.Operation("var", typeof(Variance<>), x => x[0].Var([1]), x => x[0].Var([1]), x => IndexLoops.Reduce(x[0], [1], e => Variance(e, 1)), [[2, 3, 2]], [[2, 4]])
            .Claiming(Convexity.Convex),
        Rows.Operation("var-axes", typeof(Variance<>), x => x[0].Var([0, 2], correction: 0, keepAxes: true), x => x[0].Var([0, 2], correction: 0, keepAxes: true), x => IndexLoops.Reduce(x[0], [0, 2], e => Variance(e, 0)), [[2, 3, 2]])
            .Claiming(Convexity.Convex),
        Rows.Operation("std", typeof(Variance<>), x => x[0].Std([-1]), x => x[0].Std([-1]), x => IndexLoops.Reduce(x[0], [x[0].Rank - 1], e => Math.Sqrt(Variance(e, 1))), [[2, 4]], [[3]])
            .Claiming(Convexity.Convex).Stating(new StatedPoint([Tensor.From(2.0, 2, 2)], [0], [[0, 0, 0]])),
        Rows.Operation("norm", typeof(Norm<>), x => x[0].Norm(), x => x[0].Norm(), x => IndexLoops.Reduce(x[0], [], e => Power(e, 2)), [[2, 3]])
            .Claiming(Convexity.Convex).Stating(new StatedPoint([Tensor.From(0.0, 0)], [0], [[0, 0]]), new StatedPoint([Tensor.From(0.0, Huge)], [Huge], [[0, 1]])),
        Rows.Operation("norm-axes", typeof(Norm<>), x => x[0].Norm(2, [0, 2]), x => x[0].Norm(2, [0, 2]), x => IndexLoops.Reduce(x[0], [0, 2], e => Power(e, 2)), [[2, 3, 2]])
            .Claiming(Convexity.Convex),
        Rows.Operation("norm-3", typeof(Norm<>), x => x[0].Norm(3, [1], keepAxes: true), x => x[0].Norm(3, [1], keepAxes: true), x => IndexLoops.Reduce(x[0], [1], e => Power(e, 3)), [[2, 3]])
            .Claiming(Convexity.Convex) with { KinkDistance = ToZero },
        Rows.Operation("norm-1", typeof(Sum<>), x => x[0].Norm(1, [1]), x => x[0].Norm(1, [1]), x => IndexLoops.Reduce(x[0], [1], e => e.Sum(Math.Abs)), [[2, 3]])
            .Claiming(Convexity.Convex) with { KinkDistance = ToZero },
        Rows.Operation("norm-inf", typeof(Max<>), x => x[0].Norm(double.PositiveInfinity, [0, 1]), x => x[0].Norm(double.PositiveInfinity, [0, 1]), x => IndexLoops.Reduce(x[0], [0, 1], e => e.Max(Math.Abs)), [[2, 3, 2]])
            .Claiming(Convexity.Convex) with { KinkDistance = x => Math.Min(ToZero(x), ReductionRows.Gap([x[0].Abs()])) },
        Rows.Operation("max-axes", typeof(Max<>), x => x[0].Max([0, 2]), x => x[0].Max([0, 2]), x => IndexLoops.Reduce(x[0], [0, 2], e => e.Max()), [[2, 3, 2]])
            .Claiming(Convexity.Convex) with { KinkDistance = ReductionRows.Gap },
        Rows.Operation("min", typeof(Max<>), x => x[0].Min(1), x => x[0].Min(1), x => IndexLoops.Reduce(x[0], [1], e => e.Min()), [[2, 3, 2]], [[2, 3]])
            .Claiming(Convexity.Concave) with { KinkDistance = ReductionRows.Gap, Stated = [new([Tensor.From([1.0, 1, 2], [1, 3])], [1], [[1, 0, 0]])] },
        Rows.Operation("logsumexp-axes", typeof(LogSumExp<>), x => x[0].LogSumExp([0, 2], keepAxes: true), x => x[0].LogSumExp([0, 2], keepAxes: true), x => IndexLoops.Reduce(x[0], [0, 2], e => ReductionRows.LogSumExp([.. e])), [[2, 3, 2]])
            .Claiming(Convexity.Convex),
        Rows.Operation("softmin", typeof(Softmax<>), x => x[0].Softmin(), x => x[0].Softmin(), x => [.. IndexLoops.RowsOf(x[0]).SelectMany(row => ReductionRows.Softmax([.. row.Select(e => -e)]))], [[2, 4]]),
        Rows.Operation("cumprod", typeof(CumulativeProduct<>), x => x[0].CumProd(1), x => x[0].CumProd(1), x => IndexLoops.Fill(x[0].Shape, i => Multiply([.. Enumerable.Range(0, i[1] + 1).Select(k => x[0][i[0], k])])), [[2, 5]], [[2, 1]])
            .Stating(new StatedPoint([Tensor.From([2.0, 0, 3], [1, 3])], [2, 0, 0], [[1, 8, 0]])),
        Rows.Operation("cummax", typeof(Gather<>), x => x[0].CumMax(1).Values, x => x[0].CumMax(1).Values, x => IndexLoops.Fill(x[0].Shape, i => Enumerable.Range(0, i[1] + 1).Max(k => x[0][i[0], k])), [[2, 4]])
            with { KinkDistance = ReductionRows.Gap, Stated = [new([Tensor.From([1.0, 1, 0], [1, 3])], [1, 1, 1], [[1, 2, 0]])] },
        Rows.Operation("sort", typeof(Gather<>), x => x[0].Sort(0).Values, x => x[0].Sort(0).Values, x => IndexLoops.Fill(x[0].Shape, i => Enumerable.Range(0, 4).Select(k => x[0][k, i[1]]).Order().ElementAt(i[0])), [[4, 2]])
            with { KinkDistance = ReductionRows.Gap },
        Rows.Operation("topk", typeof(Gather<>), x => x[0].TopK(2).Values, x => x[0].TopK(2).Values, x => IndexLoops.Fill([2, 2], i => Enumerable.Range(0, 4).Select(k => x[0][i[0], k]).OrderDescending().ElementAt(i[1])), [[2, 4]])
            with { KinkDistance = ReductionRows.Gap },
        Rows.Operation("median", typeof(Gather<>), x => x[0].Median(1).Values, x => x[0].Median(1).Values, x => IndexLoops.Reduce(x[0], [1], e => e.Order().ElementAt((e.Count() - 1) / 2)), [[2, 4]], [[2, 5]])
            with { KinkDistance = ReductionRows.Gap, Stated = [new([Tensor.From([1, double.NaN, 0], [1, 3])], [double.NaN], [[0, 1, 0]])] },
    ];

    private static double Multiply(IEnumerable<double> e) => e.Aggregate(1.0, (a, b) => a * b);

    private static double Variance(IEnumerable<double> e, int correction)
    {
        double mean = e.Average();
        return e.Sum(v => (v - mean) * (v - mean)) / (e.Count() - correction);
    }

    private static double Power(IEnumerable<double> e, double p) => Pow<double>.At(e.Sum(v => Pow<double>.At(Math.Abs(v), p)), 1 / p);

    private static double ToZero(Tensor<double>[] x) => x[0].ToArray().Min(Math.Abs);
}
