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
            .Referring((z, y) => PreciseInverses.Softplus(z) - y * z, 8, (-80, 80), (1e-3, 0.999))
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Stated = [At(1000, 1, 0, 0, -1000), At(-1000, 0, 0, 0, 1000), At(-1000, 1, 1000, -1, 1000), At(0, 0.5, PreciseFunctions.Log(2).High, 0, 0)] },
        Rows.Operation("mean-squared-error", typeof(MeanSquaredError<>), x => new MeanSquaredError<double>().Forward(x[0], x[1]), x => new MeanSquaredError<float>().Forward(x[0], x[1]), x => [x[0].ToArray().Zip(x[1].ToArray(), (p, y) => (p - y) * (p - y)).Average()], [[4, 1], [4, 1]], [[3], [3]])
            .Claiming(Convexity.Convex),
        Rows.Operation("binary-cross-entropy", typeof(BinaryCrossEntropy<>), x => new BinaryCrossEntropy<double>().Forward(x[0], x[1]), x => new BinaryCrossEntropy<float>().Forward(x[0], x[1]), x => [x[0].ToArray().Zip(x[1].ToArray(), CrossEntropy).Average()], [[4, 1], [4, 1]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1 },
        Rows.Operation("cross-entropy", typeof(CrossEntropy<>), x => new CrossEntropy<double>().Forward(x[0], s_labels), x => new CrossEntropy<float>().Forward(x[0], s_labels), x => [IndexLoops.RowsOf(x[0]).Select((row, i) => ReductionRows.LogSumExp(row) - row[s_labels[i]]).Average()], [[3, 4]])
            .Claiming(Convexity.Convex),
        Rows.Operation("mean-absolute-error", typeof(MeanAbsoluteError<>), x => new MeanAbsoluteError<double>().Forward(x[0], x[1]), x => new MeanAbsoluteError<float>().Forward(x[0], x[1]), x => [Terms(x, (p, y) => Math.Abs(p - y)).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(x[0] - x[1])) with { ConvexArguments = 1 },
        Rows.Operation("huber", typeof(Huber<>), x => new Huber<double>(0.75).Forward(x[0], x[1]), x => new Huber<float>(0.75).Forward(x[0], x[1]), x => [Terms(x, (p, y) => Math.Abs(p - y) > 0.75 ? 0.75 * (Math.Abs(p - y) - 0.375) : 0.5 * (p - y) * (p - y)).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(Math.Abs(x[0] - x[1]) - 0.75)) with { ConvexArguments = 1 },
        Rows.Operation("smooth-l1", typeof(SmoothL1<>), x => new SmoothL1<double>(0.5).Forward(x[0], x[1]), x => new SmoothL1<float>(0.5).Forward(x[0], x[1]), x => [Terms(x, (p, y) => Math.Abs(p - y) < 0.5 ? (p - y) * (p - y) : Math.Abs(p - y) - 0.25).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(Math.Abs(x[0] - x[1]) - 0.5)) with { ConvexArguments = 1 },
        Rows.Operation("log-cosh", typeof(LogCosh<>), x => new LogCosh<double>().Forward(x[0], x[1]), x => new LogCosh<float>().Forward(x[0], x[1]), x => [Terms(x, (p, y) => PreciseFunctions.Log((PreciseFunctions.Exp(p - y) + PreciseFunctions.Exp(y - p)) * 0.5).High).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1 },
        Rows.Operation("quantile", typeof(Quantile<>), x => new Quantile<double>(0.25).Forward(x[0], x[1]), x => new Quantile<float>(0.25).Forward(x[0], x[1]), x => [Terms(x, (p, y) => Math.Max(0.25 * (y - p), -0.75 * (y - p))).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(x[0] - x[1])) with { ConvexArguments = 1 },
        Rows.Operation("poisson-nll", typeof(PoissonNll<>), x => new PoissonNll<double>().Forward(x[0], x[1]), x => new PoissonNll<float>().Forward(x[0], x[1]), x => [Terms(x, (p, y) => (PreciseFunctions.Exp(p) - (Precise)y * p).High).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Cases = Between(-2, 2, 0, 5) },
        Rows.Operation("poisson-nll-of-rates", typeof(PoissonNll<>), x => new PoissonNll<double>(false, true, 0.125).Forward(x[0], x[1]), x => new PoissonNll<float>(false, true, 0.125).Forward(x[0], x[1]), x => [Terms(x, (p, y) => (p - PreciseFunctions.Log((Precise)p + 0.125) * y + (y > 1 ? PreciseFunctions.Log(y) * y - y + PreciseFunctions.Log((Precise)y * Math.Tau) * 0.5 : 0)).High).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Cases = Between(0.25, 4, 1.5, 5) },
        Rows.Operation("binary-cross-entropy-of-probabilities", typeof(BinaryCrossEntropyOfProbabilities<>), x => new BinaryCrossEntropyOfProbabilities<double>().Forward(x[0], x[1]), x => new BinaryCrossEntropyOfProbabilities<float>().Forward(x[0], x[1]), x => [Terms(x, (p, y) => (-(PreciseFunctions.Log(p) * y) - PreciseFunctions.Log(1 - (Precise)p) * (1 - y)).High).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Cases = Between(0.1, 0.9, 0, 1) },
        Rows.Operation("positively-weighted-binary-cross-entropy", typeof(BinaryCrossEntropy<>), x => new BinaryCrossEntropy<double>(3.0).Forward(x[0], x[1]), x => new BinaryCrossEntropy<float>(3.0).Forward(x[0], x[1]), x => [Terms(x, (z, y) => (-(PreciseFunctions.Log(PreciseFunctions.Sigmoid(z)) * (3 * y)) - PreciseFunctions.Log(PreciseFunctions.Sigmoid(-z)) * (1 - y)).High).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Cases = Between(-4, 4, 0, 1) },
        Rows.Operation("focal", typeof(Focal<>), x => new Focal<double>(2, 0.25).Forward(x[0], x[1]), x => new Focal<float>(2, 0.25).Forward(x[0], x[1]), x => [Terms(x, FocalLoop).Average()], [[4, 2], [4, 2]]) with { Cases = Between(-4, 4, 0, 1) },
        Rows.Operation("hinge", typeof(Hinge<>), x => new Hinge<double>().Forward(x[0], x[1]), x => new Hinge<float>().Forward(x[0], x[1]), x => [Terms(x, (z, y) => Math.Max(0, 1 - y * z)).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(x[0] * x[1] - 1)) with { ConvexArguments = 1 },
        Rows.Operation("squared-hinge", typeof(SquaredHinge<>), x => new SquaredHinge<double>().Forward(x[0], x[1]), x => new SquaredHinge<float>().Forward(x[0], x[1]), x => [Terms(x, (z, y) => Math.Max(0, 1 - y * z) * Math.Max(0, 1 - y * z)).Average()], [[4, 2], [4, 2]])
            .Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(x[0] * x[1] - 1)) with { ConvexArguments = 1 },
        Rows.Operation("kl-divergence", typeof(KlDivergence<>), x => new KlDivergence<double>().Forward(x[0], x[1]), x => new KlDivergence<float>().Forward(x[0], x[1]), x => [Terms(x, (p, y) => ((PreciseFunctions.Log(y) - p) * y).High).Sum() / 4], [[4, 2], [4, 2]])
            .Claiming(Convexity.Affine) with { ConvexArguments = 1, Cases = Between(-3, 0, 0.1, 1) },
        Rows.Operation("kl-divergence-of-logarithms", typeof(KlDivergence<>), x => new KlDivergence<double>(true).Forward(x[0], x[1]), x => new KlDivergence<float>(true).Forward(x[0], x[1]), x => [Terms(x, (p, y) => (PreciseFunctions.Exp(y) * ((Precise)y - p)).High).Sum() / 4], [[4, 2], [4, 2]])
            .Claiming(Convexity.Affine) with { ConvexArguments = 1, Cases = Between(-3, 0, -3, 0) },
        Rows.Operation("gaussian-nll", typeof(GaussianNll<>), x => new GaussianNll<double>(true).Forward(x[0], x[1]), x => new GaussianNll<float>(true).Forward(x[0], x[1]), GaussianLoop, [[3, 4], [3, 2]]) with { Cases = [[new([3, 4], 0.5, 2), new([3, 2])]] },
        Rows.Operation("dice", typeof(Dice<>), x => new Dice<double>().Forward(x[0], x[1]), x => new Dice<float>().Forward(x[0], x[1]), DiceLoop, [[2, 3, 2], [2, 3, 2]]) with { Cases = [[new([2, 3, 2], 0, 1), new([2, 3, 2], 0, 1)]] },
        Rows.Operation("cross-entropy-with-options", typeof(CrossEntropy<>), x => new CrossEntropy<double>(0.125, s_weights, 0).Forward(x[0], s_labels), x => new CrossEntropy<float>(0.125, s_weights, 0).Forward(x[0], s_labels), x => OptionsLoop(x[0], 0.125), [[3, 4]])
            .Claiming(Convexity.Convex),
        Rows.Operation("cross-entropy-with-class-weights", typeof(CrossEntropy<>), x => new CrossEntropy<double>(0, s_weights, 0).Forward(x[0], s_labels), x => new CrossEntropy<float>(0, s_weights, 0).Forward(x[0], s_labels), x => OptionsLoop(x[0], 0), [[3, 4]])
            .Claiming(Convexity.Convex),
        Rows.Operation("cross-entropy-of-probabilities", typeof(CrossEntropy<>), x => new CrossEntropy<double>(0.125, s_weights).Forward(x[0], x[1]), x => new CrossEntropy<float>(0.125, s_weights).Forward(x[0], x[1]), MixedLoop, [[3, 4], [3, 4]])
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Cases = [[new([3, 4]), new([3, 4], 0.1, 1)]] },
        Rows.Operation("negative-log-likelihood", typeof(NegativeLogLikelihood<>), x => new NegativeLogLikelihood<double>(s_weights).Forward(x[0], s_labels), x => new NegativeLogLikelihood<float>(s_weights).Forward(x[0], s_labels), x => [-(4 * x[0][0, 2] + 0.5 * x[0][1, 0] + 3 * x[0][2, 3]) / 7.5], [[3, 4]])
            .Claiming(Convexity.Affine),
        Rows.Operation("multi-margin", typeof(MultiMargin<>), x => new MultiMargin<double>(1, 1, s_weights).Forward(x[0], s_labels), x => new MultiMargin<float>(1, 1, s_weights).Forward(x[0], s_labels), x => MarginLoop(x[0], 1, s_weights), [[3, 4]])
            .Claiming(Convexity.Convex) with { KinkDistance = MarginKink },
        Rows.Operation("squared-multi-margin", typeof(MultiMargin<>), x => new MultiMargin<double>(2, 0.5).Forward(x[0], s_labels), x => new MultiMargin<float>(2, 0.5).Forward(x[0], s_labels), x => MarginLoop(x[0], 2, [1, 1, 1, 1]), [[3, 4]])
            .Claiming(Convexity.Convex) with { KinkDistance = MarginKink },
        Rows.Operation("cosine-embedding", typeof(CosineEmbedding<>), x => new CosineEmbedding<double>(-2).Forward(x[0], x[1], Tensor.From(1.0, -1, 1)), x => new CosineEmbedding<float>(-2).Forward(x[0], x[1], Tensor.From(1f, -1, 1)), CosineLoop, [[3, 4], [3, 4]]),
        Rows.Operation("margin-ranking", typeof(MarginRanking<>), x => new MarginRanking<double>(0.5).Forward(x[0], x[1], Tensor.From(1.0, -1, 1)), x => new MarginRanking<float>(0.5).Forward(x[0], x[1], Tensor.From(1f, -1, 1)), x => [Enumerable.Range(0, 3).Average(i => Math.Max(0, 0.5 - (i == 1 ? -1 : 1) * (x[0][i] - x[1][i])))], [[3], [3]])
            .Claiming(Convexity.Convex) with { KinkDistance = x => Enumerable.Range(0, 3).Min(i => Math.Abs(0.5 - (i == 1 ? -1 : 1) * (x[0][i] - x[1][i]))) },
        Rows.Operation("triplet-margin", typeof(TripletMargin<>), x => new TripletMargin<double>(6, swap: true).Forward(x[0], x[1], x[2]), x => new TripletMargin<float>(6, swap: true).Forward(x[0], x[1], x[2]), TripletLoop, [[3, 4], [3, 4], [3, 4]]) with { KinkDistance = x => Enumerable.Range(0, 3).Min(i => Math.Abs(Distance(x[0], x[2], i) - Distance(x[1], x[2], i))) },
        Rows.Operation("info-nce", typeof(InfoNce<>), x => new InfoNce<double>(0.5, symmetric: true).Forward(x[0], x[1]), x => new InfoNce<float>(0.5, symmetric: true).Forward(x[0], x[1]), ContrastLoop, [[3, 4], [3, 4]]),
    ];

    // −y·log σ(z) − (1 − y)·log σ(−z), as the definition has it.
    private static double CrossEntropy(double z, double y) =>
        (-(PreciseFunctions.Log(PreciseFunctions.Sigmoid(z)) * y) - PreciseFunctions.Log(PreciseFunctions.Sigmoid(-z)) * (1 - y)).High;

    private static readonly double[] s_weights = [0.5, 2, 4, 3];

    private static IEnumerable<double> Terms(Tensor<double>[] x, Func<double, double, double> term) => x[0].ToArray().Zip(x[1].ToArray(), term);

    private static IReadOnlyList<IReadOnlyList<Argument>> Between(double low, double high, double targetLow, double targetHigh) =>
        [[new([4, 2], low, high), new([4, 2], targetLow, targetHigh)]];

    private static double FocalLoop(double z, double y)
    {
        Precise p = PreciseFunctions.Sigmoid(z), q = PreciseFunctions.Sigmoid(-z);
        return (-(q * q * PreciseFunctions.Log(p) * (0.25 * y)) - p * p * PreciseFunctions.Log(q) * (0.75 * (1 - y))).High;
    }

    private static double[] GaussianLoop(Tensor<double>[] x) => [IndexLoops.Of([3, 2]).Average(i =>
    {
        Precise variance = x[0][i[0], 2 + i[1]], error = (Precise)x[0][i[0], i[1]] - x[1][i[0], i[1]];
        return ((PreciseFunctions.Log(variance) + error * error / variance + PreciseFunctions.Log(Math.Tau)) * 0.5).High;
    })];

    private static double[] DiceLoop(Tensor<double>[] x)
    {
        double[][] p = [.. x[0].ToArray().Chunk(6)], y = [.. x[1].ToArray().Chunk(6)];
        return [p.Zip(y, (a, b) => 1 - (2 * a.Zip(b, (u, v) => u * v).Sum() + 1) / (a.Sum() + b.Sum() + 1)).Average()];
    }

    // Label 0, of the second row, is ignored.
    private static double[] OptionsLoop(Tensor<double> z, double smoothing)
    {
        double sum = 0;
        foreach (int r in (int[])[0, 2])
        {
            double[] row = [.. Enumerable.Range(0, 4).Select(j => z[r, j])];
            double whole = ReductionRows.LogSumExp(row);
            int label = s_labels[r];
            sum += (1 - smoothing) * s_weights[label] * (whole - row[label]);
            sum += smoothing / 4 * Enumerable.Range(0, 4).Sum(j => s_weights[j] * (whole - row[j]));
        }
        return [sum / (s_weights[2] + s_weights[3])];
    }

    private static double[] MixedLoop(Tensor<double>[] x) => [Enumerable.Range(0, 3).Average(r =>
    {
        double whole = ReductionRows.LogSumExp([.. Enumerable.Range(0, 4).Select(j => x[0][r, j])]);
        return Enumerable.Range(0, 4).Sum(j => s_weights[j] * (0.875 * x[1][r, j] + 0.125 / 4) * (whole - x[0][r, j]));
    })];

    private static double[] MarginLoop(Tensor<double> z, int power, double[] weights) => [Enumerable.Range(0, 3).Average(r =>
        weights[s_labels[r]] / 4 * Enumerable.Range(0, 4).Where(j => j != s_labels[r]).Sum(j =>
        {
            double missing = Math.Max(0, (power == 1 ? 1 : 0.5) - z[r, s_labels[r]] + z[r, j]);
            return power == 1 ? missing : missing * missing;
        }))];

    private static double MarginKink(Tensor<double>[] x) => IndexLoops.Of([3, 4]).Where(i => i[1] != s_labels[i[0]])
        .Min(i => Math.Min(Math.Abs(1 - x[0][i[0], s_labels[i[0]]] + x[0][i]), Math.Abs(0.5 - x[0][i[0], s_labels[i[0]]] + x[0][i])));

    private static double Cosine(Tensor<double> a, int i, Tensor<double> b, int k)
    {
        double dot = 0, left = 1e-12, right = 1e-12;
        for (int j = 0; j < 4; j++)
            (dot, left, right) = (dot + a[i, j] * b[k, j], left + a[i, j] * a[i, j], right + b[k, j] * b[k, j]);
        return dot / (Math.Sqrt(left) * Math.Sqrt(right));
    }

    private static double[] CosineLoop(Tensor<double>[] x) =>
        [Enumerable.Range(0, 3).Average(i => i == 1 ? Math.Max(0, Cosine(x[0], i, x[1], i) + 2) : 1 - Cosine(x[0], i, x[1], i))];

    private static double Distance(Tensor<double> a, Tensor<double> b, int row) =>
        Math.Sqrt(Enumerable.Range(0, 4).Sum(j => (a[row, j] - b[row, j] + 1e-6) * (a[row, j] - b[row, j] + 1e-6)));

    private static double[] TripletLoop(Tensor<double>[] x) => [Enumerable.Range(0, 3).Average(i =>
        Math.Max(0, Distance(x[0], x[1], i) - Math.Min(Distance(x[0], x[2], i), Distance(x[1], x[2], i)) + 6))];

    private static double[] ContrastLoop(Tensor<double>[] x) => [Enumerable.Range(0, 3).Average(i => 0.5 * (
        ReductionRows.LogSumExp([.. Enumerable.Range(0, 3).Select(k => Cosine(x[0], i, x[1], k) / 0.5)])
        + ReductionRows.LogSumExp([.. Enumerable.Range(0, 3).Select(k => Cosine(x[0], k, x[1], i) / 0.5)])
        - 2 * Cosine(x[0], i, x[1], i) / 0.5))];
}
