using FastGrad.Analysis.Reference;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Losses;
using static FastGrad.Analysis.Catalogue.StatedPoint;

namespace FastGrad.Analysis.Catalogue;

/// <summary>The operators that losses are made of: functions of an error or margin, and terms of a prediction and a target.</summary>
internal static class LossTermRows
{
    private static readonly Precise s_log2 = PreciseFunctions.Log(2);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Unary("huber-term", typeof(HuberTerm<>), new HuberTerm<double>(0.75), new HuberTerm<float>(0.75f))
            .Referring(e => Precise.Abs(e) > 0.75 ? (Precise.Abs(e) - 0.375) * 0.75 : e * e * 0.5, 1.5, -1e6, 1e6).Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(Math.Abs(x[0]) - 0.75)).Stating(At(0, 0, 0), At(0.75, 0.28125, 0.75), At(-2, 1.21875, -0.75)),
        Rows.Unary("smooth-l1-term", typeof(SmoothL1Term<>), new SmoothL1Term<double>(0.5), new SmoothL1Term<float>(0.5f))
            .Referring(e => Precise.Abs(e) < 0.5 ? e * e : Precise.Abs(e) - 0.25, 2, -1e6, 1e6).Claiming(Convexity.Convex)
            .Kinked(x => Math.Abs(Math.Abs(x[0]) - 0.5)).Stating(At(0, 0, 0), At(0.5, 0.25, 1), At(-2, 1.75, -1)),
        Rows.Unary("log-cosh-term", typeof(LogCoshTerm<>), default(LogCoshTerm<double>), default(LogCoshTerm<float>))
            .Referring(LogCosh, 4, -300, 300).Claiming(Convexity.Convex).Stating(At(0, 0, 0)),
        Rows.Unary("pinball-term", typeof(PinballTerm<>), new PinballTerm<double>(0.25), new PinballTerm<float>(0.25f))
            .Referring(e => e > 0 ? e * 0.75 : e * -0.25, 0.5, -1e6, 1e6).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 0), At(4, 3, 0.75), At(-4, 1, -0.25)),
        Rows.Unary("hinge-term", typeof(HingeTerm<>), new HingeTerm<double>(1), new HingeTerm<float>(1))
            .Referring(m => m < 1 ? 1 - m : 0, 0.5, -1e6, 1e6).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0] - 1))
            .Stating(At(1, 0, 0), At(0, 1, -1), At(3, 0, 0)),
        Rows.Unary("squared-hinge-term", typeof(SquaredHingeTerm<>), new SquaredHingeTerm<double>(1), new SquaredHingeTerm<float>(1))
            .Referring(m => m < 1 ? (1 - m) * (1 - m) : 0, 2, -1e6, 1e6).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0] - 1))
            .Stating(At(1, 0, 0), At(0, 1, -2), At(3, 0, 0)),
        Rows.Binary("of-difference", typeof(OfDifference<,>), new OfDifference<HuberTerm<double>, double>(new(0.75)), new OfDifference<HuberTerm<float>, float>(new(0.75f)))
            .Referring((p, y) => Precise.Abs(p - y) > 0.75 ? (Precise.Abs(p - y) - 0.375) * 0.75 : (p - y) * (p - y) * 0.5, 2.5)
            .Claiming(Convexity.Convex).Kinked(x => Math.Abs(Math.Abs(x[0] - x[1]) - 0.75)).Stating(At(3, 1, 1.21875, 0.75, -0.75)),
        Rows.Binary("of-product", typeof(OfProduct<,>), new OfProduct<SquaredHingeTerm<double>, double>(new(1)), new OfProduct<SquaredHingeTerm<float>, float>(new(1)), -3, 3, -1, 1)
            .Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0] * x[1] - 1)).Stating(At(2, -1, 9, 6, -12)) with { ConvexArguments = 1 },
        Rows.Binary("poisson-log-rate-term", typeof(PoissonLogRateTerm<>), default(PoissonLogRateTerm<double>), default(PoissonLogRateTerm<float>), -2, 2, 0, 5)
            .Referring((p, y) => PreciseFunctions.Exp(p) - y * p, 8, (-20, 20), (0, 0.5))
            .Claiming(Convexity.Convex).Stating(At(0, 3, 1, -2, 0)) with { ConvexArguments = 1 },
        Rows.Binary("poisson-rate-term", typeof(PoissonRateTerm<>), new PoissonRateTerm<double>(0.125), new PoissonRateTerm<float>(0.125f), 0.25, 4, 0, 5)
            .Claiming(Convexity.Convex).Stating(At(0.875, 4, 0.875, -3, 0)) with { ConvexArguments = 1 },
        Rows.Binary("binary-cross-entropy-term", typeof(BinaryCrossEntropyTerm<>), default(BinaryCrossEntropyTerm<double>), default(BinaryCrossEntropyTerm<float>), 0.1, 0.9, 0, 1)
            .Referring((p, y) => -(y * PreciseFunctions.Log(p)) - ((Precise)1 - y) * PreciseFunctions.Log1p(-p), 4, (1e-3, 0.999), (1e-3, 0.999))
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Stated = [new([Autograd.Tensor.From(0.0), Autograd.Tensor.From(1.0)], [100])] },
        Rows.Binary("weighted-bce-with-logits", typeof(WeightedBceWithLogits<>), new WeightedBceWithLogits<double>(3), new WeightedBceWithLogits<float>(3), -4, 4, 0, 1)
            .Referring((z, y) => y * PreciseInverses.Softplus(-z) * 3 + ((Precise)1 - y) * PreciseInverses.Softplus(z), 8, (-80, 80), (0, 0.999))
            .Claiming(Convexity.Convex) with { ConvexArguments = 1, Stated = [At(1000, 1, 0, 0, -1000), At(-1000, 1, 3000, -3, 3000), At(-1000, 0, 0, 0, 3000)] },
        Rows.Binary("kl-term", typeof(KlTerm<>), default(KlTerm<double>), default(KlTerm<float>), -3, 0, 0.1, 1)
            .Claiming(Convexity.Affine) with { ConvexArguments = 1, Stated = [new([Autograd.Tensor.From(-3.0), Autograd.Tensor.From(0.0)], [0])] },
        Rows.Binary("kl-log-term", typeof(KlLogTerm<>), default(KlLogTerm<double>), default(KlLogTerm<float>), -3, 0, -3, 0)
            .Claiming(Convexity.Affine) with { ConvexArguments = 1, Stated = [At(-3, 0, 3, -1, 4)] },
        Rows.Binary("focal-term", typeof(FocalTerm<>), new FocalTerm<double>(2, 0.25), new FocalTerm<float>(2, 0.25f), -4, 4, 0, 1)
            .Referring((z, y) => FocalTerm(z, y), 16, (-20, 20), (1e-3, 0.999))
            .Stating(new StatedPoint([Autograd.Tensor.From(-1000.0), Autograd.Tensor.From(1.0)], [250]), new StatedPoint([Autograd.Tensor.From(1000.0), Autograd.Tensor.From(1.0)], [0])),
    ];

    private static Precise FocalTerm(Precise z, Precise y)
    {
        Precise p = PreciseFunctions.Sigmoid(z), q = PreciseFunctions.Sigmoid(-z);
        return q * q * PreciseInverses.Softplus(-z) * y * 0.25 + p * p * PreciseInverses.Softplus(z) * ((Precise)1 - y) * 0.75;
    }

    private static Precise LogCosh(Precise e)
    {
        Precise size = Precise.Abs(e), half = PreciseFunctions.Expm1(size * 0.5);
        Precise sinh = (half + half / (1 + half)) * 0.5;
        return size < 1 ? PreciseFunctions.Log1p(sinh * sinh * 2) : size + PreciseFunctions.Log1p(PreciseFunctions.Exp(size * -2)) - s_log2;
    }
}
