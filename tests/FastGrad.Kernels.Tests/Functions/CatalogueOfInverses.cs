using FastGrad.Kernels.Functions;
using static FastGrad.Kernels.Tests.Functions.BigInverse;
using static FastGrad.Kernels.Tests.Functions.BigMath;
using static FastGrad.Kernels.Tests.Functions.Catalogue;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Rows of powers and logarithms to other bases, roots, inverse and hyperbolic functions, and the gamma family.</summary>
public static class CatalogueOfInverses
{
    private const double Infinity = double.PositiveInfinity, NaN = double.NaN, Minus0 = -0.0;

    private static readonly BigFloat s_ln2 = Log(2), s_ln10 = Log(10);
    private static readonly Range s_tiny = new(1e-30, 1, true), s_denormal = new(1e-320, 1e-300, true);

    public static IReadOnlyList<Row> Rows { get; } =
    [
        Make(
            "exp2", new Exp2<float>(), new Exp2<double>(), x => Exp(x * s_ln2), x => s_ln2 * Exp(x * s_ln2), (1.2, 1.2),
            [new(-1, 1), new(-150, 128), new(-149.5, -125), s_tiny], [new(-1, 1), new(-1074, 1024), new(-1074.5, -1021), s_tiny],
            [(0, 1), (Minus0, 1), (3, 8), (-1, 0.5), (Infinity, Infinity), (-Infinity, 0), (NaN, NaN), (2000, Infinity), (-2000, 0)]),
        Make(
            "log2", new Log2<float>(), new Log2<double>(), x => Log(x) / s_ln2, x => 1 / (x * s_ln2), (1.5, 1.5),
            [new(0.5, 2), new(0.99, 1.01), new(1e-38, 3e38, true), new(2e-45, 1e-38, true)], [new(0.5, 2), new(0.99, 1.01), new(1e-308, 1e308, true), new(1e-322, 1e-308, true)],
            [(1, 0), (8, 3), (0.25, -2), (0, -Infinity), (Minus0, -Infinity), (-1, NaN), (-Infinity, NaN), (Infinity, Infinity), (NaN, NaN)],
            seams: [1, 0.70710678118654752, 1.4142135623730951]),
        Make(
            "log10", new Log10<float>(), new Log10<double>(), x => Log(x) / s_ln10, x => 1 / (x * s_ln10), (2, 2),
            [new(0.5, 2), new(0.99, 1.01), new(1e-38, 3e38, true), new(2e-45, 1e-38, true)], [new(0.5, 2), new(0.99, 1.01), new(1e-308, 1e308, true), new(1e-322, 1e-308, true)],
            [(1, 0), (10, 1), (100, 2), (0, -Infinity), (Minus0, -Infinity), (-1, NaN), (-Infinity, NaN), (Infinity, Infinity), (NaN, NaN)],
            seams: [1, 0.70710678118654752, 1.4142135623730951]),
        Make(
            "cbrt", new Cbrt<float>(), new Cbrt<double>(), Cbrt, x => 1 / (3 * Cbrt(x) * Cbrt(x)), (1, 1),
            [new(-8, 8), new(1e-38, 3e38, true), new(2e-45, 1e-38, true)], [new(-8, 8), new(1e-308, 1e308, true), new(1e-322, 1e-308, true)],
            [(0, 0), (Minus0, Minus0), (27, 3), (-8, -2), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN)], [(0, Infinity), (8, 1.0 / 12)],
            seams: [1, 8, 64], odd: true),
        Make(
            "rsqrt", new Rsqrt<float>(), new Rsqrt<double>(), x => 1 / x.Sqrt(), x => -1 / (2 * x * x.Sqrt()), (1.5, 1.5),
            [new(0.1, 4), new(1e-38, 3e38, true), new(1.4e-26, 2e-26)], [new(0.1, 4), new(1e-308, 1e308, true)],
            [(4, 0.5), (0, Infinity), (Infinity, 0), (-1, NaN), (-Infinity, NaN), (NaN, NaN)], derivativeBound: 8),
        Make(
            "tan", new Tan<float>(), new Tan<double>(), x => Sin(x) / Cos(x), x => 1 / (Cos(x) * Cos(x)), (1.8, 1.6),
            [new(-4, 4), new(-1000, 1000), new(-2e5, 2e5), s_tiny, new(1, 3e38, true)], [new(-4, 4), new(-1000, 1000), new(-1e10, 1e10), s_tiny, new(1, 1e308, true), s_denormal],
            [(0, 0), (Minus0, Minus0), (Infinity, NaN), (-Infinity, NaN), (NaN, NaN)],
            seams: [Math.PI, 0.78539816339744828, 131072, 1073741824, 6381956970095103 * Math.Pow(2, 797)], odd: true, derivativeBound: 5),
        Make(
            "asin", new Asin<float>(), new Asin<double>(), Asin, x => 1 / ((1 - x) * (1 + x)).Sqrt(), (1.1, 1.1),
            [new(-1, 1), new(0.9999, 1), s_tiny], [new(-1, 1), new(0.9999999, 1), s_tiny, s_denormal],
            [(0, 0), (Minus0, Minus0), (1, Math.PI / 2), (-1, -Math.PI / 2), (1.5, NaN), (-Infinity, NaN), (Infinity, NaN), (NaN, NaN)], [(0, 1), (1, Infinity)],
            seams: [0.5], odd: true),
        Make(
            "acos", new Acos<float>(), new Acos<double>(), Acos, x => -1 / ((1 - x) * (1 + x)).Sqrt(), (1.3, 1.3),
            [new(-1, 1), new(0.9999, 1), s_tiny], [new(-1, 1), new(0.9999999, 1), s_tiny],
            [(1, 0), (-1, Math.PI), (0, Math.PI / 2), (1.5, NaN), (-Infinity, NaN), (Infinity, NaN), (NaN, NaN)],
            seams: [0.5, -0.5]),
        Make(
            "atan", new Atan<float>(), new Atan<double>(), Atan, x => 1 / (1 + x * x), (1.1, 1.1),
            [new(-3, 3), new(1e-3, 1e6, true), s_tiny, new(1, 3e38, true)], [new(-3, 3), new(1e-3, 1e6, true), s_tiny, new(1, 1e308, true), s_denormal],
            [(0, 0), (Minus0, Minus0), (1, Math.PI / 4), (Infinity, Math.PI / 2), (-Infinity, -Math.PI / 2), (NaN, NaN)], [(0, 1), (Infinity, 0)],
            seams: [0.41421356237309503, 1, 2.414213562373095], odd: true),
        Make(
            "sinh", new Sinh<float>(), new Sinh<double>(), Sinh, Cosh, (2, 2),
            [new(-2, 2), new(-89.4, 89.4), s_tiny], [new(-2, 2), new(-710.4, 710.4), s_tiny, s_denormal],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN), (1e30, Infinity)], [(0, 1)],
            seams: [1], odd: true),
        Make(
            "cosh", new Cosh<float>(), new Cosh<double>(), Cosh, Sinh, (2, 2),
            [new(-2, 2), new(-89.4, 89.4), s_tiny], [new(-2, 2), new(-710.4, 710.4), s_tiny],
            [(0, 1), (Minus0, 1), (Infinity, Infinity), (-Infinity, Infinity), (NaN, NaN), (1e30, Infinity)], [(0, 0)]),
        Make(
            "asinh", new Asinh<float>(), new Asinh<double>(), Asinh, x => 1 / (1 + x * x).Sqrt(), (2, 2),
            [new(-2, 2), new(1e-3, 1e6, true), s_tiny, new(1, 3e38, true)], [new(-2, 2), new(1e-3, 1e14, true), s_tiny, new(1, 1e308, true), s_denormal],
            [(0, 0), (Minus0, Minus0), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN)], [(0, 1), (Infinity, 0)],
            seams: [0.5, 65536, 1099511627776], odd: true),
        Make(
            "acosh", new Acosh<float>(), new Acosh<double>(), Acosh, x => 1 / ((x - 1) * (x + 1)).Sqrt(), (2, 2),
            [new(1.0001, 3), new(1, 1.001), new(1.5, 3e38, true)], [new(1.0001, 3), new(1, 1.00001), new(1.5, 1e308, true)],
            [(1, 0), (0.5, NaN), (-Infinity, NaN), (Infinity, Infinity), (NaN, NaN)],
            seams: [65536, 1099511627776]),
        Make(
            "atanh", new Atanh<float>(), new Atanh<double>(), Atanh, x => 1 / ((1 - x) * (1 + x)), (2, 2),
            [new(-0.99999, 0.99999), s_tiny, new(0.99, 0.99999)], [new(-0.99999, 0.99999), s_tiny, new(0.99, 0.99999999), s_denormal],
            [(0, 0), (Minus0, Minus0), (1, Infinity), (-1, -Infinity), (2, NaN), (Infinity, NaN), (-Infinity, NaN), (NaN, NaN)], [(0, 1)],
            seams: [0.5], odd: true),
        Make(
            "loggamma", new LogGamma<float>(), new LogGamma<double>(), BigGamma.LogGamma, BigGamma.Digamma, (2, 2),
            [new(0.01, 12), new(0.8, 2.6), new(8, 100), new(100, 1e35, true), new(1e-37, 1, true)], [new(0.01, 12), new(0.8, 2.6), new(8, 100), new(100, 1e300, true), new(1e-300, 1, true)],
            [(1, 0), (2, 0), (0, Infinity), (-1, Infinity), (-2, Infinity), (Infinity, Infinity), (-Infinity, Infinity), (NaN, NaN)],
            floor: 1, derivativeBound: 8, seams: [8, 0.5, 1, 1.5, 2, 2.5], negativeFloor: 1),
        Make(
            "digamma", new Digamma<float>(), new Digamma<double>(), BigGamma.Digamma, x => BigGamma.Polygamma(1, x), (2, 2),
            [new(0.5, 12), new(8, 100), new(100, 1e35, true), new(1e-37, 1, true)], [new(0.5, 12), new(8, 100), new(100, 1e300, true), new(1e-300, 1, true)],
            [(0, -Infinity), (Minus0, Infinity), (-1, NaN), (-2, NaN), (Infinity, Infinity), (-Infinity, NaN), (NaN, NaN)],
            derivativeBound: 8, seams: [10, 1.4616321449683623], valueFloor: 0.25, negativeFloor: 16),
        Make(
            "trigamma", new Polygamma<float>(1), new Polygamma<double>(1), x => BigGamma.Polygamma(1, x), x => BigGamma.Polygamma(2, x), (2, 2),
            [new(0.1, 12), new(8, 100), new(100, 1e15, true), new(1e-15, 1, true)], [new(0.1, 12), new(8, 100), new(100, 1e100, true), new(1e-100, 1, true)],
            [(0, Infinity), (-1, Infinity), (Infinity, 0), (-Infinity, NaN), (NaN, NaN)],
            derivativeBound: 12, seams: [11], negativeFloor: 1),
    ];
}
