using FastGrad.Kernels.Activations;
using static FastGrad.Kernels.Tests.Functions.BigMath;
using static FastGrad.Kernels.Tests.Functions.Catalogue;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Rows of the further activations.</summary>
public static class CatalogueOfActivations
{
    private const double Infinity = double.PositiveInfinity, NaN = double.NaN, Minus0 = -0.0;
    private const double Lambda = 1.0507009873554805, Alpha = 1.6732632423543772;

    private static readonly Range s_usual = new(-4, 4), s_tiny = new(1e-30, 1, true), s_minusTiny = new(-1e-30, -1, true);

    public static IReadOnlyList<Row> Rows { get; } =
    [
        Make(
            "hard_tanh", new HardTanh<float>(-1, 1), new HardTanh<double>(-1, 1), x => x > 1 ? 1 : x < -1 ? -1 : x, x => x.Abs() < 1 ? 1 : 0, (0, 0), [s_usual], [s_usual],
            [(0, 0), (Minus0, Minus0), (Infinity, 1), (-Infinity, -1), (NaN, NaN)], [(1, 0), (-1, 0), (0, 1)], derivativeBound: 0),
        Make(
            "celu", new Celu<float>(1.5f), new Celu<double>(1.5), x => x.Sign > 0 ? x : 3 * Expm1(2 * x / 3).ScaleB(-1), x => x.Sign > 0 ? 1 : Exp(2 * x / 3), (2, 2), [s_usual, new(-100, 0), s_minusTiny], [s_usual, new(-700, 0), s_minusTiny],
            [(0, 0), (Infinity, Infinity), (-Infinity, -1.5), (NaN, NaN)], [(0, 1), (-Infinity, 0), (Infinity, 1)], floor: 0.1),
        Make(
            "selu", new Selu<float>(), new Selu<double>(), x => x.Sign > 0 ? Lambda * x : Lambda * Alpha * Expm1(x), x => x.Sign > 0 ? Lambda : Lambda * Alpha * Exp(x), (2, 2), [s_usual, new(-80, 0), s_minusTiny], [s_usual, new(-700, 0), s_minusTiny],
            [(0, 0), (Infinity, Infinity), (-Infinity, -1.7580993408473766), (NaN, NaN)], [(-Infinity, 0)], derivativeBound: 5),
        Make(
            "mish", new Mish<float>(), new Mish<double>(), MishOf, MishSlope, (1.6, 1.6), [s_usual, new(-108, 80), s_tiny, s_minusTiny], [s_usual, new(-750, 100), s_tiny, s_minusTiny],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, Minus0), (NaN, NaN)], [(0, 0.6), (Infinity, 1)], seams: [-40, 40, -320, 320], floor: 0.1, derivativeBound: 12),
        Make(
            "scaled_softplus", new ScaledSoftplus<float>(3), new ScaledSoftplus<double>(3), x => (x.Sign > 0 ? 3 * x + Log1p(Exp(-3 * x)) : Log1p(Exp(3 * x))) / 3, x => Sigmoid(3 * x), (2, 2), [s_usual, new(-28, 30)], [s_usual, new(-230, 100)],
            [(Infinity, Infinity), (-Infinity, 0), (0, 0.23104906018664842), (NaN, NaN)], [(0, 0.5), (Infinity, 1), (-Infinity, 0)], floor: 0.1),
        Make(
            "softsign", new Softsign<float>(), new Softsign<double>(), x => x / (1 + x.Abs()), x => 1 / ((1 + x.Abs()) * (1 + x.Abs())), (1.5, 1.5), [s_usual, new(1, 1e38, true), s_tiny], [s_usual, new(1, 1e300, true), s_tiny],
            [(0, 0), (Minus0, Minus0), (Infinity, 1), (-Infinity, -1), (NaN, NaN)], [(0, 1), (Infinity, 0)], odd: true),
        Make(
            "log_sigmoid", new LogSigmoid<float>(), new LogSigmoid<double>(), x => x.Sign < 0 ? x - Log1p(Exp(x)) : -Log1p(Exp(-x)), x => Sigmoid(-x), (2, 2), [s_usual, new(-100, 100)], [s_usual, new(-700, 700)],
            [(Infinity, 0), (-Infinity, -Infinity), (0, -0.6931471805599453), (NaN, NaN)], [(0, 0.5), (Infinity, 0), (-Infinity, 1)]),
        Make(
            "hard_sigmoid", new HardSigmoid<float>(), new HardSigmoid<double>(), x => x > 3 ? 1 : x < -3 ? 0 : (x + 3) / 6, x => x.Abs() < 3 ? (BigFloat)1 / 6 : 0, (1.5, 1.5), [new(-2, 4), new(3, 100)], [new(-2, 4), new(3, 100)],
            [(0, 0.5), (Infinity, 1), (-Infinity, 0), (NaN, NaN), (-3, 0), (3, 1)], [(3, 0), (-3, 0)]),
        Make(
            "hard_swish", new HardSwish<float>(), new HardSwish<double>(), x => x > 3 ? x : x < -3 ? 0 : x * (x + 3) / 6, x => x > 3 ? 1 : x < -3 ? 0 : x / 3 + (BigFloat)1 / 2, (0.6, 0.6), [new(-2.5, 4), new(3, 100)], [new(-2.5, 4), new(3, 100)],
            [(0, 0), (Infinity, Infinity), (-Infinity, Minus0), (NaN, NaN), (3, 3)], [(3, 1), (-3, 0)], floor: 0.1),
        Make(
            "hard_shrink", new HardShrink<float>(0.5f), new HardShrink<double>(0.5), x => x.Abs() > 0.5 ? x : 0, x => x.Abs() > 0.5 ? 1 : 0, (0, 0), [s_usual], [s_usual],
            [(0, 0), (0.5, 0), (-0.5, 0), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN)], [(0.5, 0), (-0.5, 0), (0.75, 1)], derivativeBound: 0),
        Make(
            "soft_shrink", new SoftShrink<float>(0.5f), new SoftShrink<double>(0.5), x => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0, x => x.Abs() > 0.5 ? 1 : 0, (0.5, 0.5), [s_usual], [s_usual],
            [(0, 0), (0.5, 0), (1, 0.5), (-1, -0.5), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN)], [(0.5, 0), (-0.5, 0), (0.75, 1)], derivativeBound: 0),
        Make(
            "tanh_shrink", new TanhShrink<float>(), new TanhShrink<double>(), ShrunkTanh, x => Tanh(x) * Tanh(x), (2, 2), [s_usual, new(2, 50), s_tiny], [s_usual, new(2, 50), s_tiny],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN)], [(0, 0), (Infinity, 1)], seams: [1], odd: true),
        Make(
            "threshold", new Threshold<float>(0.5f, -2), new Threshold<double>(0.5, -2), x => x > 0.5 ? x : -2, x => x > 0.5 ? 1 : 0, (0, 0), [s_usual], [s_usual],
            [(0, -2), (0.5, -2), (0.75, 0.75), (Infinity, Infinity), (-Infinity, -2), (NaN, NaN)], [(0.5, 0), (1, 1)], derivativeBound: 0),
        Make(
            "squared_relu", new SquaredRelu<float>(), new SquaredRelu<double>(), x => x.Sign > 0 ? x * x : 0, x => x.Sign > 0 ? 2 * x : 0, (0.5, 0.5), [s_usual], [s_usual],
            [(0, 0), (Minus0, 0), (-3, 0), (3, 9), (Infinity, Infinity), (-Infinity, 0), (NaN, NaN)], [(0, 0), (3, 6)], derivativeBound: 0),
    ];

    // Near 0 the difference loses twice the digits that x² is small by: there by its series x³/3 − 2x⁵/15 + 17x⁷/315 − …
    private static BigFloat ShrunkTanh(BigFloat x) => x.IsZero || x.Exponent >= -40
        ? x - Tanh(x)
        : x * x * x / 3 * (1 - 2 * x * x / 5 + 17 * x * x * x * x / 105);

    private static BigFloat MishOf(BigFloat x)
    {
        BigFloat e = Exp(x);
        return x * e * (e + 2) / (e * e + 2 * e + 2);
    }

    private static BigFloat MishSlope(BigFloat x)
    {
        BigFloat e = Exp(x), t = e * (e + 2) / (e * e + 2 * e + 2);
        return t + x * (1 - t * t) * Sigmoid(x);
    }
}
