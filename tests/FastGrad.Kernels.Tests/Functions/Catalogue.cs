using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using static FastGrad.Kernels.Tests.Functions.BigMath;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>One row for each function and activation: a new one adds a row here, and every test runs on it.</summary>
public static class Catalogue
{
    private const double Infinity = double.PositiveInfinity;
    private const double NaN = double.NaN;
    private const double Minus0 = -0.0;
    private const double Elu1 = 1;
    private const double Slope = 0.01f; // a float, so that both types have the same

    private static readonly Range s_tiny = new(1e-30, 1, true), s_minusTiny = new(-1e-30, -1, true);

    public static IReadOnlyList<Row> Rows { get; } =
    [
        Make(
            "exp", new Exp<float>(), new Exp<double>(), Exp, Exp, (1.1, 1.1),
            [new(-1, 1), new(-104, 89), new(-103.9, -87), s_tiny], [new(-1, 1), new(-745, 710), new(-745.1, -708), s_tiny],
            [(0, 1), (Minus0, 1), (Infinity, Infinity), (-Infinity, 0), (NaN, NaN), (1000, Infinity), (-1000, 0), (double.Epsilon, 1)]),
        Make(
            "expm1", new Expm1<float>(), new Expm1<double>(), Expm1, Exp, (2, 2),
            [new(-1, 1), new(-20, 88.7), s_tiny, s_minusTiny], [new(-1, 1), new(-40, 709.7), s_tiny, s_minusTiny, new(1e-320, 1e-300, true)],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, -1), (NaN, NaN), (1000, Infinity), (-1000, -1), (double.Epsilon, double.Epsilon)],
            seams: [0.34657359, -0.34657359, 0, 709.78, 88.72]),
        Make(
            "log", new Log<float>(), new Log<double>(), Log, x => 1 / x, (1.6, 1),
            [new(0.5, 2), new(0.99, 1.01), new(1e-38, 3e38, true), new(2e-45, 1e-38, true)],
            [new(0.5, 2), new(0.99, 1.01), new(1e-308, 1e308, true), new(1e-322, 1e-308, true)],
            [(1, 0), (0, -Infinity), (Minus0, -Infinity), (-1, NaN), (-double.Epsilon, NaN), (-Infinity, NaN), (Infinity, Infinity), (NaN, NaN)],
            seams: [1, 0.96875, 1.0625, 0.70710678118654752, 1.4142135623730951, 2.2250738585072014e-308, 1.1754943508222875e-38], derivativeBound: 0.5),
        Make(
            "log1p", new Log1p<float>(), new Log1p<double>(), Log1p, x => 1 / (1 + x), (1.5, 1.5),
            [new(-0.999, 3), s_tiny, new(-1e-30, -0.99999, true), new(1, 3e38, true)],
            [new(-0.999, 3), s_tiny, new(-1e-30, -0.999999999, true), new(1, 1e308, true), new(1e-320, 1e-300, true)],
            [(0, 0), (Minus0, Minus0), (-1, -Infinity), (-2, NaN), (-Infinity, NaN), (Infinity, Infinity), (NaN, NaN), (double.Epsilon, double.Epsilon)],
            seams: [-0.29289321881345248, 0.41421356237309505, 16777216, 9007199254740992], derivativeBound: 1.5),
        Make(
            "tanh", new Tanh<float>(), new Tanh<double>(), Tanh, x => Square(1 / Cosh(x)), (2, 2),
            [new(0, 1), new(-10, 10), s_tiny, new(1e-3, 9, true)], [new(0, 1), new(-20, 20), s_tiny, new(1e-3, 19, true), new(1e-320, 1e-300, true)],
            [(0, 0), (Minus0, Minus0), (Infinity, 1), (-Infinity, -1), (NaN, NaN), (1e30, 1), (double.Epsilon, double.Epsilon)],
            [(0, 1), (Infinity, 0), (-Infinity, 0), (NaN, NaN)],
            seams: [0.55], odd: true, derivativeBound: 4.5),
        Make(
            "sigmoid", new Sigmoid<float>(), new Sigmoid<double>(), Sigmoid, x => Sigmoid(x) * Sigmoid(-x), (1.6, 2),
            [new(-2, 2), new(-30, 30), new(-103.5, -87)], [new(-2, 2), new(-50, 50), new(-745, -700)],
            [(0, 0.5), (Minus0, 0.5), (Infinity, 1), (-Infinity, 0), (NaN, NaN), (1e30, 1), (-1e30, 0)],
            [(0, 0.25), (Infinity, 0), (-Infinity, 0), (NaN, NaN)],
            seams: [0, -16], derivativeBound: 4.5),
        Make(
            "erf", new Erf<float>(), new Erf<double>(), Erf, x => 2 * Exp(-(x * x)) / SqrtPi, (1.5, 1.5),
            [new(0, 1), new(0.9, 4.2), s_tiny], [new(0, 1), new(0.9, 6.2), s_tiny, new(1e-320, 1e-300, true)],
            [(0, 0), (Minus0, Minus0), (Infinity, 1), (-Infinity, -1), (NaN, NaN), (1e30, 1)],
            [(Infinity, 0), (-Infinity, 0), (NaN, NaN), (1e30, 0)],
            seams: [1], odd: true, derivativeBound: 4),
        Make(
            "erfc", new Erfc<float>(), new Erfc<double>(), Erfc, x => -2 * Exp(-(x * x)) / SqrtPi, (2, 2),
            [new(-4, 0), new(0, 1), new(0, 10.05), new(8, 10.05)], [new(-6, 0), new(0, 1), new(0, 27.2), new(25, 27.2)],
            [(0, 1), (Infinity, 0), (-Infinity, 2), (NaN, NaN), (1e30, 0), (-1e30, 2)],
            [(Infinity, Minus0), (-Infinity, Minus0), (NaN, NaN)],
            derivativeBound: 4),
        Make(
            "gaussian", new Gaussian<float>(), new Gaussian<double>(), x => Exp((x * x).ScaleB(-1) * -1), x => -x * Exp((x * x).ScaleB(-1) * -1), (1.2, 1.2),
            [new(0, 2), new(-14.5, 14.5), new(13, 14.5), s_tiny], [new(0, 2), new(-38.6, 38.6), new(37, 38.6), s_tiny],
            [(0, 1), (Minus0, 1), (Infinity, 0), (-Infinity, 0), (NaN, NaN), (1e30, 0)],
            [(0, Minus0), (Infinity, Minus0), (-Infinity, 0), (NaN, NaN)],
            floor: 1e-30),
        Make(
            "normal_tail", new NormalTail<float>(), new NormalTail<double>(), Tail,
            x => (x.Sign < 0 ? -1 : 1) * (x.Abs() * Tail(x) - 1 / (2 * Pi).Sqrt()), (2, 2),
            [new(0, 1), new(-10, 10), new(1e-10, 1e10, true)], [new(0, 1), new(-10, 10), new(1e-10, 1e10, true)],
            [(0, 0.5), (Minus0, 0.5), (Infinity, 0), (-Infinity, 0), (NaN, NaN)],
            [(NaN, NaN)],
            floor: 1),
        Make(
            "weighted_tail", new WeightedTail<float>(), new WeightedTail<double>(), x => x.Abs() * Erfc(x.Abs() / Sqrt2).ScaleB(-1),
            x => (x.Sign < 0 ? -1 : 1) * (1 - GeluSlope(x.Abs())), (2, 2),
            [new(-4, 4), new(0, 14.4), new(12, 14.4), s_tiny], [new(-4, 4), new(0, 38.5), new(36, 38.5), s_tiny],
            [(0, 0), (Minus0, 0), (Infinity, 0), (-Infinity, 0), (NaN, NaN), (1e30, 0)],
            [(0, 0.5), (NaN, NaN)],
            floor: 0.1, derivativeBound: 6),
        Make(
            "sqrt", new Sqrt<float>(), new Sqrt<double>(), x => x.Sqrt(), x => 1 / (2 * x.Sqrt()), (0.5, 0.5),
            [new(0, 4), new(1e-38, 3e38, true), new(1e-44, 1e-38, true)], [new(0, 4), new(1e-308, 1e308, true)],
            [(0, 0), (Minus0, Minus0), (-1, NaN), (Infinity, Infinity), (-Infinity, NaN), (NaN, NaN), (4, 2)],
            [(4, 0.25), (0, Infinity)],
            derivativeBound: 1.5),
        Make(
            "sin", new Sin<float>(), new Sin<double>(), Sin, Cos, (1, 1),
            [new(-4, 4), new(-1000, 1000), new(-2e5, 2e5), s_tiny, new(1, 3e38, true)],
            [new(-4, 4), new(-1000, 1000), new(-1e10, 1e10), s_tiny, new(1, 1e308, true), new(1e-320, 1e-300, true)],
            [(0, 0), (Minus0, Minus0), (Infinity, NaN), (-Infinity, NaN), (NaN, NaN)],
            // Doubles nearest to multiples of π/2: the hardest for the reduction (6381956970095103·2^797: Muller et al., Handbook of Floating-Point Arithmetic).
            seams: [Math.PI, Math.PI / 2, 0.78539816339744828, 131072, 1073741824, 6381956970095103 * Math.Pow(2, 797), 16367173 * Math.Pow(2, 72)], odd: true, derivativeBound: 1),
        Make(
            "cos", new Cos<float>(), new Cos<double>(), Cos, x => -Sin(x), (1, 1),
            [new(-4, 4), new(-1000, 1000), new(-2e5, 2e5), s_tiny, new(1, 3e38, true)],
            [new(-4, 4), new(-1000, 1000), new(-1e10, 1e10), s_tiny, new(1, 1e308, true)],
            [(0, 1), (Minus0, 1), (Infinity, NaN), (-Infinity, NaN), (NaN, NaN)],
            seams: [Math.PI, Math.PI / 2, 0.78539816339744828, 131072, 1073741824, 6381956970095103 * Math.Pow(2, 797), 16367173 * Math.Pow(2, 72)], derivativeBound: 1),

        Make(
            "relu", new Relu<float>(), new Relu<double>(), x => x.Sign > 0 ? x : 0, x => x.Sign > 0 ? 1 : 0, (0, 0),
            [new(-3, 3)], [new(-3, 3)],
            [(0, 0), (Minus0, 0), (Infinity, Infinity), (-Infinity, 0), (NaN, NaN)],
            [(0, 0), (Minus0, 0), (1e-30, 1), (NaN, 1)],
            derivativeBound: 0),
        Make(
            "leaky_relu", new LeakyRelu<float>((float)Slope), new LeakyRelu<double>(Slope),
            x => x.Sign > 0 ? x : x * Slope, x => x.Sign > 0 ? 1 : Slope, (0.5, 0.5),
            [new(-3, 3)], [new(-3, 3)],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN)],
            [(0, Slope), (Minus0, Slope), (1e-40, 1)],
            derivativeBound: 1),
        Make(
            "elu", new Elu<float>((float)Elu1), new Elu<double>(Elu1), x => x.Sign > 0 ? x : Expm1(x), x => x.Sign > 0 ? 1 : Exp(x), (2, 2),
            [new(-3, 3), new(-100, 0), s_minusTiny], [new(-3, 3), new(-740, 0), s_minusTiny],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, -1), (NaN, NaN)],
            [(0, 1), (Minus0, 1), (-Infinity, 0), (Infinity, 1)]),
        Make(
            "softplus", new Softplus<float>(), new Softplus<double>(), x => x.Sign > 0 ? x + Log1p(Exp(-x)) : Log1p(Exp(x)), Sigmoid, (2, 2),
            [new(-4, 4), new(-103, 100), new(-103.5, -87)], [new(-4, 4), new(-744, 100), new(-745, -700)],
            [(Infinity, Infinity), (-Infinity, 0), (0, 0.6931471805599453), (NaN, NaN), (1e30, 1e30), (-1e30, 0)],
            [(0, 0.5), (Infinity, 1), (-Infinity, 0)]),
        Make(
            "silu", new Silu<float>(), new Silu<double>(), x => x * Sigmoid(x), x => Sigmoid(x) * (1 + x * Sigmoid(-x)), (1.6, 1.6),
            [new(-4, 4), new(-100, 100), new(-108, -60), s_tiny, s_minusTiny], [new(-4, 4), new(-100, 100), new(-750, -500), s_tiny, s_minusTiny],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, Minus0), (NaN, NaN), (1e30, 1e30), (-1e30, Minus0)],
            [(0, 0.5), (Infinity, 1), (-Infinity, Minus0), (NaN, NaN)],
            seams: [0, -16, 16, -64, -512], floor: 0.1, derivativeBound: 4),
        Make(
            "gelu", new Gelu<float>(), new Gelu<double>(), x => x * Erfc(-x / Sqrt2).ScaleB(-1), GeluSlope, (2, 2),
            [new(-4, 4), new(-14.4, 10), new(-14.4, -12), s_tiny, s_minusTiny], [new(-4, 4), new(-38.5, 10), new(-38.5, -36), s_tiny, s_minusTiny],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, 0), (NaN, NaN), (1e30, 1e30), (-1e30, 0)],
            [(0, 0.5), (Infinity, 1), (-Infinity, Minus0), (NaN, NaN)],
            seams: [0], floor: 0.1, derivativeBound: 6),
        Make(
            "gelu_tanh", new GeluTanh<float>(), new GeluTanh<double>(), x => x * Sigmoid(TanhArgument(x)), GeluTanhSlope, (1.6, 1.6),
            [new(-4, 4), new(-10.2, 10), new(-10.2, -6), s_tiny, s_minusTiny], [new(-4, 4), new(-21.7, 10), new(-21.7, -13), s_tiny, s_minusTiny],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, Minus0), (NaN, NaN), (1e30, 1e30), (-1e30, Minus0)],
            [(0, 0.5), (Infinity, 1), (-Infinity, Minus0), (NaN, NaN)],
            seams: [0, -7, -14], floor: 0.1, derivativeBound: 8),
        .. CatalogueOfInverses.Rows,
        .. CatalogueOfActivations.Rows,
    ];

    public static IEnumerable<object[]> Names => Rows.Select(row => new object[] { row.Name });

    public static Row Get(string name) => Rows.Single(row => row.Name == name);

    private static BigFloat Square(BigFloat x) => x * x;

    private static BigFloat Cosh(BigFloat x) => (Exp(x) + Exp(-x)).ScaleB(-1);

    private static BigFloat Tail(BigFloat x) => Erfcx(x.Abs() / Sqrt2).ScaleB(-1);

    private static BigFloat GeluSlope(BigFloat x) =>
        Erfc(-x / Sqrt2).ScaleB(-1) + x * Exp(-(x * x).ScaleB(-1)) / (2 * Pi).Sqrt();

    private static BigFloat TanhArgument(BigFloat x) => 2 * (2 / Pi).Sqrt() * (x + 44715 * x * x * x / 1000000);

    private static BigFloat GeluTanhSlope(BigFloat x)
    {
        BigFloat s = Sigmoid(TanhArgument(x)), slope = 2 * (2 / Pi).Sqrt() * (1 + 3 * 44715 * x * x / 1000000);
        return s + x * s * Sigmoid(-TanhArgument(x)) * slope;
    }

    internal static Row Make<TSingle, TDouble>(
        string name,
        TSingle single,
        TDouble twice,
        Func<BigFloat, BigFloat> value,
        Func<BigFloat, BigFloat> derivative,
        (double, double) bound,
        Range[] floats,
        Range[] doubles,
        (double, double)[] edges,
        (double, double)[]? derivativeEdges = null,
        double[]? seams = null,
        bool odd = false,
        double derivativeBound = 4,
        double floor = 0,
        double valueFloor = 0,
        double negativeFloor = 0)
        where TSingle : struct, IUnaryOperator<float>
        where TDouble : struct, IUnaryOperator<double> => new()
        {
            Name = name,
            Operator = typeof(TSingle).GetGenericTypeDefinition(),
            Single = new Evaluator<TSingle, float>(single),
            Double = new Evaluator<TDouble, double>(twice),
            Value = value,
            Derivative = derivative,
            Bound = bound,
            Floats = floats,
            Doubles = doubles,
            Edges = edges,
            DerivativeEdges = derivativeEdges ?? [],
            Seams = seams ?? [],
            Odd = odd,
            DerivativeBound = derivativeBound,
            Floor = floor,
            ValueFloor = valueFloor,
            NegativeFloor = negativeFloor,
        };
}
