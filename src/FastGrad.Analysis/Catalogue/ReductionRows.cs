using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Reductions, and what works along the last axis.</summary>
internal static class ReductionRows
{
    private static readonly Tensor<int> s_labels = Tensor.From(2, 0);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Operation("sum", typeof(Sum<>), x => x[0].Sum(), x => x[0].Sum(), x => IndexLoops.Reduce(x[0], [], e => e.Sum()), [[2, 3]], [[]], [[3, 1, 2]])
            .Claiming(Convexity.Affine),
        Rows.Operation("sum-axes", typeof(Sum<>), x => x[0].Sum([0, 2]), x => x[0].Sum([0, 2]), x => IndexLoops.Reduce(x[0], [0, 2], e => e.Sum()), [[2, 3, 2]])
            .Claiming(Convexity.Affine),
        Rows.Operation("sum-inner", typeof(Sum<>), x => x[0].Sum([1], keepAxes: true), x => x[0].Sum([1], keepAxes: true), x => IndexLoops.Reduce(x[0], [1], e => e.Sum()), [[2, 3, 2]], [[2, 4]])
            .Claiming(Convexity.Affine),
        Rows.Operation("mean", typeof(Sum<>), x => x[0].Mean(), x => x[0].Mean(), x => IndexLoops.Reduce(x[0], [], e => e.Average()), [[2, 3]])
            .Claiming(Convexity.Affine),
        Rows.Operation("mean-axes", typeof(Sum<>), x => x[0].Mean([0, 1]), x => x[0].Mean([0, 1]), x => IndexLoops.Reduce(x[0], [0, 1], e => e.Average()), [[2, 3, 2]])
            .Claiming(Convexity.Affine),
        Rows.Operation("sum-to", typeof(Sum<>), x => x[0].SumTo([3, 1]), x => x[0].SumTo([3, 1]), x => IndexLoops.Reduce(x[0], [0, 2], e => e.Sum()), [[2, 3, 2]])
            .Claiming(Convexity.Affine),
        Rows.Operation("max", typeof(Max<>), x => x[0].Max(1), x => x[0].Max(1), x => IndexLoops.Reduce(x[0], [1], e => e.Max()), [[2, 3, 2]], [[2, 3]])
            .Claiming(Convexity.Convex) with { KinkDistance = Gap, Stated = [
                new([Tensor.From([2.0, 2, 1], [1, 3])], [2], [[1, 0, 0]]),
                new([Tensor.From([1, 3.0, 3], [1, 3])], [3], [[0, 1, 0]]),
                new([Tensor.From([1, double.NaN, 3], [1, 3])], [double.NaN], [[0, 1, 0]])] },
        Rows.Operation("max-all", typeof(Max<>), x => x[0].Max(), x => x[0].Max(), x => IndexLoops.Reduce(x[0], [], e => e.Max()), [[2, 3]])
            .Claiming(Convexity.Convex) with { KinkDistance = Gap, Stated = [new([Tensor.From([1.0, 4, 4, 2], [2, 2])], [4], [[0, 1, 0, 0]])] },
        // A selection has no derivative of its own: it is checked as a factor.
        Rows.Operation("first-maximum", typeof(FirstMaximum<>), x => x[0] * new FirstMaximum<double>(1).Apply(x), x => x[0] * new FirstMaximum<float>(1).Apply(x), x => IndexLoops.Fill(x[0].Shape, i => Enumerable.Range(0, 3).All(k => x[0][i[0], k] <= x[0][i]) ? x[0][i] : 0), [[2, 3]])
            with { KinkDistance = Gap, Stated = [new([Tensor.From([1, 3.0, 3], [1, 3])], [0, 3, 0], [[0, 1, 0]])] },

        Rows.Operation("softmax", typeof(Softmax<>), x => x[0].Softmax(), x => x[0].Softmax(), x => [.. IndexLoops.RowsOf(x[0]).SelectMany(Softmax)], [[2, 4]], [[3]]),
        Rows.Operation("softmax-inner", typeof(Softmax<>), x => x[0].Softmax(0), x => x[0].Softmax(0), x => SoftmaxOfColumns(x[0]), [[3, 2]]),
        Rows.Operation("log-softmax", typeof(LogSoftmax<>), x => x[0].LogSoftmax(), x => x[0].LogSoftmax(), x => [.. IndexLoops.RowsOf(x[0]).SelectMany(row => row.Select(e => e - LogSumExp(row)))], [[2, 4]], [[3]])
            .Claiming(Convexity.Concave),
        Rows.Operation("logsumexp", typeof(LogSumExp<>), x => x[0].LogSumExp(), x => x[0].LogSumExp(), x => [.. IndexLoops.RowsOf(x[0]).Select(LogSumExp)], [[2, 4]], [[3]])
            .Claiming(Convexity.Convex)
            .Stating(new StatedPoint([Tensor.From(double.NegativeInfinity, 1)], [1], [[0, 1]]), new StatedPoint([Tensor.From(1000.0, -1000)], [1000], [[1, 0]])),
        Rows.Operation("pick-labels", typeof(PickLabels<>), x => x[0].PickLabels(s_labels), x => x[0].PickLabels(s_labels), x => [.. IndexLoops.RowsOf(x[0]).Select((row, i) => row[s_labels[i]])], [[2, 4]])
            .Claiming(Convexity.Affine),
        Rows.Operation("place-labels", typeof(PlaceLabels<>), x => new PlaceLabels<double>(s_labels, 4).Apply(x), x => new PlaceLabels<float>(s_labels, 4).Apply(x), x => IndexLoops.Fill([2, 4], i => i[1] == s_labels[i[0]] ? x[0][i[0]] : 0), [[2]])
            .Claiming(Convexity.Affine),
        Rows.Operation("softmax-cross-entropy", typeof(SoftmaxCrossEntropy<>), x => x[0].SoftmaxCrossEntropy(s_labels), x => x[0].SoftmaxCrossEntropy(s_labels), x => [.. IndexLoops.RowsOf(x[0]).Select((row, i) => LogSumExp(row) - row[s_labels[i]])], [[2, 4]])
            .Claiming(Convexity.Convex),
    ];

    internal static double LogSumExp(double[] row)
    {
        Precise sum = 0;
        foreach (double x in row)
            sum += PreciseFunctions.Exp(x);
        return PreciseFunctions.Log(sum).High;
    }

    internal static IEnumerable<double> Softmax(double[] row)
    {
        Precise sum = 0;
        foreach (double x in row)
            sum += PreciseFunctions.Exp(x);
        return row.Select(x => (PreciseFunctions.Exp(x) / sum).High);
    }

    private static double[] SoftmaxOfColumns(Tensor<double> x)
    {
        double[][] columns = [.. Enumerable.Range(0, x.Shape[1]).Select(j => Softmax([.. Enumerable.Range(0, x.Shape[0]).Select(i => x[i, j])]).ToArray())];
        return IndexLoops.Fill(x.Shape, index => columns[index[1]][index[0]]);
    }

    // The least distance between any two elements: a tie anywhere is too near.
    internal static double Gap(Tensor<double>[] x)
    {
        double[] sorted = [.. x[0].ToArray().Order()];
        return sorted.Skip(1).Zip(sorted, (a, b) => a - b).DefaultIfEmpty(double.PositiveInfinity).Min();
    }
}
