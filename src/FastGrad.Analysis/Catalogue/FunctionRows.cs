using FastGrad.Analysis.Reference;
using FastGrad.Kernels.Functions;
using static FastGrad.Analysis.Catalogue.StatedPoint;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Elementary functions.</summary>
internal static class FunctionRows
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly Precise s_half = 0.5;
    private static readonly Precise s_rootHalf = Precise.Sqrt(0.5);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Unary("exp", typeof(Exp<>), default(Exp<double>), default(Exp<float>))
            .Referring(PreciseFunctions.Exp, 1.1, -700, 700).Claiming(Convexity.Convex)
            .Stating(At(-Infinity, 0, 0), At(0, 1, 1), At(Infinity, Infinity), At(double.NaN, double.NaN)),
        Rows.Unary("expm1", typeof(Expm1<>), default(Expm1<double>), default(Expm1<float>))
            .Referring(PreciseFunctions.Expm1, 2, -700, 700).Claiming(Convexity.Convex)
            .Stating(At(-Infinity, -1, 0), At(0, 0, 1), At(Infinity, Infinity)),
        Rows.Unary("log", typeof(Log<>), default(Log<double>), default(Log<float>), 0.25, 4, 0)
            .Referring(PreciseFunctions.Log, 1.9, 1e-30, 1e30).Claiming(Convexity.Concave)
            .Stating(At(1, 0, 1), At(0, -Infinity, Infinity), At(-1, double.NaN), At(Infinity, Infinity, 0)),
        Rows.Unary("log1p", typeof(Log1p<>), default(Log1p<double>), default(Log1p<float>), -0.5, 3, 0.25)
            .Referring(PreciseFunctions.Log1p, 1.5, -0.999, 1e30).Claiming(Convexity.Concave)
            .Stating(At(0, 0, 1), At(-1, -Infinity, Infinity), At(-2, double.NaN), At(Infinity, Infinity, 0)),
        Rows.Unary("sin", typeof(Sin<>), default(Sin<double>), default(Sin<float>))
            .Referring(PreciseFunctions.Sin, 1, -1e4, 1e4).Neither((0.25, 1.5), (-1.5, -0.25))
            .Stating(At(0, 0, 1), At(Infinity, double.NaN)),
        Rows.Unary("cos", typeof(Cos<>), default(Cos<double>), default(Cos<float>))
            .Referring(PreciseFunctions.Cos, 1, -1e4, 1e4).Neither((-1, 1), (2, 4))
            .Stating(At(0, 1, 0), At(-Infinity, double.NaN)),
        Rows.Unary("tanh", typeof(Tanh<>), default(Tanh<double>), default(Tanh<float>))
            .Referring(PreciseFunctions.Tanh, 2, -300, 300).Neither((0, 2), (-2, 0))
            .Stating(At(0, 0, 1), At(-Infinity, -1, 0), At(Infinity, 1, 0)),
        Rows.Unary("sigmoid", typeof(Sigmoid<>), default(Sigmoid<double>), default(Sigmoid<float>))
            .Referring(PreciseFunctions.Sigmoid, 2, -700, 700).Neither((0, 3), (-3, 0))
            .Stating(At(0, 0.5, 0.25), At(-Infinity, 0, 0), At(Infinity, 1, 0)),
        Rows.Unary("erf", typeof(Erf<>), default(Erf<double>), default(Erf<float>))
            .Referring(PreciseFunctions.Erf, 1.5, -20, 20).Neither((0, 2), (-2, 0))
            .Stating(At(0, 0), At(-Infinity, -1, 0), At(Infinity, 1, 0)),
        Rows.Unary("erfc", typeof(Erfc<>), default(Erfc<double>), default(Erfc<float>))
            .Referring(PreciseFunctions.Erfc, 2, -20, 20).Neither((-2, 0), (0, 2))
            .Stating(At(0, 1), At(-Infinity, 2, 0), At(Infinity, 0, 0)),
        Rows.Unary("gaussian", typeof(Gaussian<>), default(Gaussian<double>), default(Gaussian<float>))
            .Referring(x => PreciseFunctions.Exp(-(x * x * s_half)), 1.2, -37, 37).Neither((-0.5, 0.5), (1.5, 3))
            .Stating(At(0, 1, 0), At(Infinity, 0, 0), At(-Infinity, 0, 0)),
        // Even, with a kink at 0, where the slope is the right one.
        Rows.Unary("normal-tail", typeof(NormalTail<>), default(NormalTail<double>), default(NormalTail<float>))
            .Referring(x => PreciseFunctions.Erfcx(Precise.Abs(x) * s_rootHalf) * s_half, 2).Kinked(x => Math.Abs(x[0])).Neither((-0.5, 0.5), (0.25, 2))
            .Stating(At(0, 0.5, -0.3989422804014327), At(Infinity, 0), At(-Infinity, 0)),
        Rows.Unary("weighted-tail", typeof(WeightedTail<>), default(WeightedTail<double>), default(WeightedTail<float>))
            .Referring(x => Precise.Abs(x) * PreciseFunctions.Erfc(Precise.Abs(x) * s_rootHalf) * s_half, 2, -37, 37).Kinked(x => Math.Abs(x[0])).Neither((0.25, 1), (2, 4))
            .Stating(At(0, 0, 0.5), At(Infinity, 0), At(-Infinity, 0)),
    ];
}
