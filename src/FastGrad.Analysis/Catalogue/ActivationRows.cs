using FastGrad.Analysis.Reference;
using FastGrad.Kernels.Activations;
using static FastGrad.Analysis.Catalogue.StatedPoint;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Activations.</summary>
internal static class ActivationRows
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly Precise s_half = 0.5;
    private static readonly Precise s_rootHalf = Precise.Sqrt(0.5);

    // 2√(2/π), and the decimal 0.044715 as it is meant.
    private static readonly Precise s_geluScale = Precise.Sqrt((Precise)4 / new Precise(1.5707963267948966, 6.123233995736766e-17));
    private static readonly Precise s_geluCubic = (Precise)44715 / 1e6;

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Unary("relu", typeof(Relu<>), default(Relu<double>), default(Relu<float>))
            .Referring(x => x > 0 ? x : 0, 0.5).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 0), At(-0.0, 0, 0), At(3, 3, 1), At(-3, 0, 0), At(-Infinity, 0, 0), At(double.NaN, double.NaN)),
        Rows.Unary("leaky-relu", typeof(LeakyRelu<>), new LeakyRelu<double>(0.125), new LeakyRelu<float>(0.125f))
            .Referring(x => x > 0 ? x : x * 0.125, 0.5).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 0.125), At(2, 2, 1), At(-2, -0.25, 0.125)),
        Rows.Unary("elu", typeof(Elu<>), new Elu<double>(1), new Elu<float>(1))
            .Referring(x => x > 0 ? x : PreciseFunctions.Expm1(x), 2, -700, 1e6).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 1), At(-Infinity, -1, 0), At(2, 2, 1)),
        Rows.Unary("elu-steep", typeof(Elu<>), new Elu<double>(1.5), new Elu<float>(1.5f))
            .Referring(x => x > 0 ? x : PreciseFunctions.Expm1(x) * 1.5, 2, -700, 1e6).Neither((-0.5, 0.5), (-2, 0)).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 1.5), At(-Infinity, -1.5, 0), At(2, 2, 1)),
        Rows.Unary("softplus", typeof(Softplus<>), default(Softplus<double>), default(Softplus<float>))
            .Referring(x => (x > 0 ? x : 0) + PreciseFunctions.Log1p(PreciseFunctions.Exp(-Precise.Abs(x))), 2, -700, 1e6).Claiming(Convexity.Convex)
            .Stating(At(-Infinity, 0, 0), At(Infinity, Infinity, 1)),
        Rows.Unary("silu", typeof(Silu<>), default(Silu<double>), default(Silu<float>))
            .Referring(x => x * PreciseFunctions.Sigmoid(x), 1.6, -690, 1e6).Neither((-5, -3), (-1, 1))
            .Stating(At(0, 0, 0.5), At(-Infinity, -0.0, 0), At(Infinity, Infinity, 1)),
        Rows.Unary("gelu", typeof(Gelu<>), default(Gelu<double>), default(Gelu<float>))
            .Referring(x => x * PreciseFunctions.Erfc(-(x * s_rootHalf)) * s_half, 2, -36, 1e6).Neither((-4, -2), (-1, 1))
            .Stating(At(0, 0, 0.5), At(-Infinity, -0.0, 0), At(Infinity, Infinity, 1)),
        Rows.Unary("gelu-tanh", typeof(GeluTanh<>), default(GeluTanh<double>), default(GeluTanh<float>))
            .Referring(x => x * PreciseFunctions.Sigmoid(s_geluScale * (x + s_geluCubic * x * x * x)), 1.6, -20, 1e4).Neither((-4, -2), (-1, 1))
            .Stating(At(0, 0, 0.5), At(-Infinity, -0.0, 0), At(Infinity, Infinity, 1)),
    ];
}
