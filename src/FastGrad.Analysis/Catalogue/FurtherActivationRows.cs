using FastGrad.Analysis.Reference;
using FastGrad.Kernels.Activations;
using static FastGrad.Analysis.Catalogue.StatedPoint;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Further activations.</summary>
internal static class FurtherActivationRows
{
    private const double Infinity = double.PositiveInfinity, NaN = double.NaN;

    // Klambauer et al. 2017, "Self-normalizing neural networks": the decimals as they stand there and in PyTorch, which are doubles.
    private static readonly Precise s_seluScale = 1.0507009873554805, s_seluAlpha = 1.6732632423543772;

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Unary("hard-tanh", typeof(HardTanh<>), new HardTanh<double>(-1, 1), new HardTanh<float>(-1, 1))
            .Referring(x => x < -1 ? -1 : x > 1 ? 1 : x, 0.5)
            .Kinked(x => Math.Abs(Math.Abs(x[0]) - 1)).Neither((0, 2), (-2, 0))
            .Stating(At(1, 1, 0), At(-1, -1, 0), At(0, 0, 1), At(NaN, NaN)),
        Rows.Unary("celu", typeof(Celu<>), new Celu<double>(2), new Celu<float>(2))
            .Referring(x => x > 0 ? x : PreciseFunctions.Expm1(x * 0.5) * 2, 3, -1400, 1e6).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 1), At(2, 2, 1), At(-Infinity, -2, 0)),
        Rows.Unary("selu", typeof(Selu<>), default(Selu<double>), default(Selu<float>))
            .Referring(x => x > 0 ? x * s_seluScale : PreciseFunctions.Expm1(x) * s_seluScale * s_seluAlpha, 4, -700, 1e6).Kinked(x => Math.Abs(x[0])).Neither((-0.5, 0.5), (-2, 0))
            .Stating(At(0, 0), At(Infinity, Infinity)),
        Rows.Unary("mish", typeof(Mish<>), default(Mish<double>), default(Mish<float>))
            .Referring(x => x * PreciseFunctions.Tanh(PreciseInverses.Softplus(x)), 4, -80, 1e6).Neither((-6, -3), (-1, 1))
            .Stating(At(0, 0, 0.6), At(-Infinity, -0.0), At(Infinity, Infinity, 1)),
        Rows.Unary("scaled-softplus", typeof(ScaledSoftplus<>), new ScaledSoftplus<double>(2), new ScaledSoftplus<float>(2))
            .Referring(x => PreciseInverses.Softplus(x * 2) * 0.5, 4, -300, 1e6).Claiming(Convexity.Convex)
            .Stating(At(0, 0.34657359027997264, 0.5), At(-Infinity, 0, 0), At(Infinity, Infinity, 1)),
        Rows.Unary("softsign", typeof(Softsign<>), default(Softsign<double>), default(Softsign<float>))
            .Referring(x => x / (Precise.Abs(x) + 1), 1.5).Kinked(x => Math.Abs(x[0])).Neither((0, 2), (-2, 0))
            .Stating(At(0, 0, 1), At(Infinity, 1, 0), At(-Infinity, -1, 0)),
        Rows.Unary("log-sigmoid", typeof(LogSigmoid<>), default(LogSigmoid<double>), default(LogSigmoid<float>))
            .Referring(x => -PreciseInverses.Softplus(-x), 3, -1e6, 300).Claiming(Convexity.Concave)
            .Stating(At(0, -0.6931471805599453, 0.5), At(-Infinity, -Infinity, 1), At(Infinity, 0, 0)),
        Rows.Unary("hard-sigmoid", typeof(HardSigmoid<>), default(HardSigmoid<double>), default(HardSigmoid<float>), -5, 5)
            .Referring(x => x < -3 ? 0 : x > 3 ? 1 : (x + 3) / 6, 2, -2.9, 1e6)
            .Kinked(x => Math.Abs(Math.Abs(x[0]) - 3)).Neither((0, 5), (-5, 0))
            .Stating(At(0, 0.5, 1.0 / 6), At(3, 1, 0), At(-3, 0, 0)),
        Rows.Unary("hard-swish", typeof(HardSwish<>), default(HardSwish<double>), default(HardSwish<float>), -5, 5)
            .Referring(x => x < -3 ? 0 : x > 3 ? x : x * (x + 3) / 6, 4, -2.9, 1e6)
            .Kinked(x => Math.Abs(Math.Abs(x[0]) - 3)).Neither((2, 4), (-2, 2))
            .Stating(At(3, 3, 1), At(-3, -0.0, 0), At(0, 0, 0.5), At(-Infinity, -0.0, 0)),
        Rows.Unary("hard-shrink", typeof(HardShrink<>), new HardShrink<double>(0.5), new HardShrink<float>(0.5f))
            .Referring(x => Precise.Abs(x) > 0.5 ? x : 0, 0.5).Kinked(x => Math.Abs(Math.Abs(x[0]) - 0.5))
            .Stating(At(0.5, 0, 0), At(-0.5, 0, 0), At(2, 2, 1), At(NaN, NaN)),
        Rows.Unary("soft-shrink", typeof(SoftShrink<>), new SoftShrink<double>(0.5), new SoftShrink<float>(0.5f))
            .Referring(x => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0, 0.5).Kinked(x => Math.Abs(Math.Abs(x[0]) - 0.5)).Neither((-2, 0), (0, 2))
            .Stating(At(0.5, 0, 0), At(-0.5, 0, 0), At(2, 1.5, 1), At(-2, -1.5, 1)),
        Rows.Unary("tanh-shrink", typeof(TanhShrink<>), default(TanhShrink<double>), default(TanhShrink<float>), 0.125, 2)
            .Referring(x => x - PreciseFunctions.Tanh(x), 3, 2, 1e6).Claiming(Convexity.Convex)
            .Stating(At(0, 0, 0), At(Infinity, Infinity, 1)),
        Rows.Unary("threshold", typeof(Threshold<>), new Threshold<double>(0.5, -2), new Threshold<float>(0.5f, -2))
            .Referring(x => x > 0.5 ? x : -2, 0.5).Kinked(x => Math.Abs(x[0] - 0.5))
            .Stating(At(0.5, -2, 0), At(1, 1, 1), At(NaN, NaN)),
        Rows.Unary("squared-relu", typeof(SquaredRelu<>), default(SquaredRelu<double>), default(SquaredRelu<float>))
            .Referring(x => x > 0 ? x * x : 0, 0.5).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 0), At(3, 9, 6), At(-3, 0, 0)),
    ];
}
