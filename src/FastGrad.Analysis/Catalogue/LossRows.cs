using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;
using FastGrad.Losses;
using static FastGrad.Analysis.Catalogue.StatedPoint;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Losses: the operators of their terms, and the losses with their reductions. Arguments are prediction and target.</summary>
internal static class LossRows
{
    private static readonly Tensor<int> s_labels = Tensor.From(2, 0, 3);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Binary("squared-error", typeof(SquaredError<>), default(SquaredError<double>), default(SquaredError<float>))
            .Referring((x, y) => (x - y) * (x - y), 2).Claiming(Convexity.Convex)
            .Stating(At(3, 1, 4, 4, -4), At(1, 1, 0, 0, 0)),
        Rows.Binary("bce-with-logits", typeof(BceWithLogits<>), default(BceWithLogits<double>), default(BceWithLogits<float>), -4, 4, 0, 1)
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Stated = [At(1000, 1, 0, 0, -1000), At(-1000, 0, 0, 0, 1000), At(-1000, 1, 1000, -1, 1000), At(0, 0.5, PreciseFunctions.Log(2).High, 0, 0)] },
        Rows.Operation("mean-squared-error", typeof(MeanSquaredError<>), x => new MeanSquaredError<double>().Forward(x[0], x[1]), x => new MeanSquaredError<float>().Forward(x[0], x[1]), x => [x[0].ToArray().Zip(x[1].ToArray(), (p, y) => (p - y) * (p - y)).Average()], [[4, 1], [4, 1]], [[3], [3]])
            .Claiming(Convexity.Convex),
        Rows.Operation("binary-cross-entropy", typeof(BinaryCrossEntropy<>), x => new BinaryCrossEntropy<double>().Forward(x[0], x[1]), x => new BinaryCrossEntropy<float>().Forward(x[0], x[1]), x => [x[0].ToArray().Zip(x[1].ToArray(), CrossEntropy).Average()], [[4, 1], [4, 1]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1 },
        Rows.Operation("cross-entropy", typeof(CrossEntropy<>), x => new CrossEntropy<double>().Forward(x[0], s_labels), x => new CrossEntropy<float>().Forward(x[0], s_labels), x => [IndexLoops.RowsOf(x[0]).Select((row, i) => ReductionRows.LogSumExp(row) - row[s_labels[i]]).Average()], [[3, 4]])
            .Claiming(Convexity.Convex),
    ];

    // −y·log σ(z) − (1 − y)·log σ(−z), as the definition has it.
    private static double CrossEntropy(double z, double y) =>
        (-(PreciseFunctions.Log(PreciseFunctions.Sigmoid(z)) * y) - PreciseFunctions.Log(PreciseFunctions.Sigmoid(-z)) * (1 - y)).High;
}
