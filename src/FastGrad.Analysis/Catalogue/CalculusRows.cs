using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using static FastGrad.Analysis.Catalogue.StatedPoint;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Further elementary functions, of one and of two numbers.</summary>
internal static class CalculusRows
{
    private const double Infinity = double.PositiveInfinity, NaN = double.NaN;

    private static readonly Precise s_rootHalf = Precise.Sqrt(0.5);

    private static readonly Precise s_ln2 = PreciseFunctions.Log(2), s_ln10 = PreciseFunctions.Log(10);

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Unary("exp2", typeof(Exp2<>), default(Exp2<double>), default(Exp2<float>))
            .Referring(x => PreciseFunctions.Exp(x * s_ln2), 1.2, -1000, 1000).Claiming(Convexity.Convex)
            .Stating(At(-Infinity, 0, 0), At(3, 8), At(Infinity, Infinity)),
        Rows.Unary("log2", typeof(Log2<>), default(Log2<double>), default(Log2<float>), 0.25, 4, 0)
            .Referring(x => PreciseFunctions.Log(x) / s_ln2, 1.5, 1e-30, 1e30).Claiming(Convexity.Concave)
            .Stating(At(8, 3), At(0, -Infinity, Infinity), At(-1, NaN)),
        Rows.Unary("log10", typeof(Log10<>), default(Log10<double>), default(Log10<float>), 0.25, 4, 0)
            .Referring(x => PreciseFunctions.Log(x) / s_ln10, 2, 1e-30, 1e30).Claiming(Convexity.Concave)
            .Stating(At(100, 2), At(0, -Infinity, Infinity), At(-1, NaN)),
        Rows.Unary("cbrt", typeof(Cbrt<>), default(Cbrt<double>), default(Cbrt<float>), 0.25, 4, 0)
            .Referring(PreciseInverses.Cbrt, 1, -1e30, 1e30)
            .Claiming(Convexity.Concave)
            .Stating(At(0, 0, Infinity), At(-8, -2), At(27, 3), At(-Infinity, -Infinity, 0)),
        Rows.Unary("rsqrt", typeof(Rsqrt<>), default(Rsqrt<double>), default(Rsqrt<float>), 0.25, 4, 0)
            .Referring(x => (Precise)1 / Precise.Sqrt(x), 1.5, 1e-30, 1e30).Claiming(Convexity.Convex)
            .Stating(At(4, 0.5, -0.0625), At(0, Infinity, -Infinity), At(-1, NaN)),
        Rows.Unary("tan", typeof(Tan<>), default(Tan<double>), default(Tan<float>), -1.25, 1.25)
            .Referring(x => PreciseFunctions.Sin(x) / PreciseFunctions.Cos(x), 1.8, -1.5, 1.5).Neither((-1, 0), (0, 1))
            .Stating(At(0, 0, 1), At(Infinity, NaN)),
        Rows.Unary("asin", typeof(Asin<>), default(Asin<double>), default(Asin<float>), -0.75, 0.75, 0.25)
            .Referring(PreciseInverses.Asin, 1.1, -0.9999, 0.9999).Neither((-0.7, 0), (0, 0.7))
            .Stating(At(0, 0, 1), At(2, NaN), At(1, 1.5707963267948966, Infinity)),
        Rows.Unary("acos", typeof(Acos<>), default(Acos<double>), default(Acos<float>), -0.75, 0.75, 0.25)
            .Referring(PreciseInverses.Acos, 1.3, -0.9999, 0.9999).Neither((0, 0.7), (-0.7, 0))
            .Stating(At(1, 0, -Infinity), At(2, NaN), At(-1, 3.141592653589793, -Infinity)),
        Rows.Unary("atan", typeof(Atan<>), default(Atan<double>), default(Atan<float>))
            .Referring(PreciseInverses.Atan, 1.1).Neither((0, 2), (-2, 0))
            .Stating(At(0, 0, 1), At(Infinity, 1.5707963267948966, 0), At(-Infinity, -1.5707963267948966, 0)),
        Rows.Unary("sinh", typeof(Sinh<>), default(Sinh<double>), default(Sinh<float>))
            .Referring(x => Half(PreciseFunctions.Expm1(x) - PreciseFunctions.Expm1(-x)), 2, -60, 60).Neither((-2, 0), (0, 2))
            .Stating(At(0, 0, 1), At(Infinity, Infinity)),
        Rows.Unary("cosh", typeof(Cosh<>), default(Cosh<double>), default(Cosh<float>))
            .Referring(x => Half(PreciseFunctions.Exp(x) + PreciseFunctions.Exp(-x)), 2, -60, 60).Claiming(Convexity.Convex)
            .Stating(At(0, 1, 0), At(-Infinity, Infinity)),
        Rows.Unary("asinh", typeof(Asinh<>), default(Asinh<double>), default(Asinh<float>))
            .Referring(PreciseInverses.Asinh, 2).Neither((0, 2), (-2, 0))
            .Stating(At(0, 0, 1), At(Infinity, Infinity, 0)),
        Rows.Unary("acosh", typeof(Acosh<>), default(Acosh<double>), default(Acosh<float>), 1.5, 4, 0.25)
            .Referring(PreciseInverses.Acosh, 2, 1.0001, 1e6).Claiming(Convexity.Concave)
            .Stating(At(1, 0, Infinity), At(0.5, NaN), At(Infinity, Infinity, 0)),
        Rows.Unary("atanh", typeof(Atanh<>), default(Atanh<double>), default(Atanh<float>), -0.75, 0.75, 0.125)
            .Referring(PreciseInverses.Atanh, 2, -0.9999, 0.9999).Neither((-0.7, 0), (0, 0.7))
            .Stating(At(0, 0, 1), At(1, Infinity, Infinity), At(2, NaN)),
        Rows.Unary("lgamma", typeof(LogGamma<>), default(LogGamma<double>), default(LogGamma<float>), 0.5, 4, 0.25)
            .Referring(PreciseGamma.LogGamma, 4, 1e-6, 1e6).Claiming(Convexity.Convex)
            .Stating(At(1, 0), At(2, 0), At(0, Infinity), At(-1, Infinity), At(Infinity, Infinity)),
        Rows.Unary("digamma", typeof(Digamma<>), default(Digamma<double>), default(Digamma<float>), 0.5, 4, 0.25)
            .Referring(PreciseGamma.Digamma, 4, 2, 1e6) // above its zero at 1.4616…, where no relative bound holds.Claiming(Convexity.Concave)
            .Stating(At(0, -Infinity), At(-1, NaN)),
        Rows.Unary("polygamma", typeof(Polygamma<>), new Polygamma<double>(1), new Polygamma<float>(1), 0.5, 4, 0.25)
            .Referring(PreciseGamma.Trigamma, 4, 1e-6, 1e6).Claiming(Convexity.Convex)
            .Stating(At(0, Infinity)),
        Rows.Unary("logit", typeof(Logit<>), default(Logit<double>), default(Logit<float>), 0.125, 0.875, 0.125).Neither((0.1, 0.5), (0.5, 0.9))
            .Referring(x => PreciseFunctions.Log(x / ((Precise)1 - x)), 4, 1e-6, 0.999)
            .Stating(At(0.5, 0, 4), At(0, -Infinity, Infinity), At(1, Infinity, Infinity), At(2, NaN)),
        Rows.Unary("nan-to-num", typeof(NanToNum<>), new NanToNum<double>(0.5, 7, -7), new NanToNum<float>(0.5f, 7, -7))
            .Referring(x => x, 0.5)
            .Stating(At(NaN, 0.5, 0), At(Infinity, 7, 0), At(-Infinity, -7, 0), At(2, 2, 1)),
        Rows.Unary("pow-scalar", typeof(PowScalar<>), new PowScalar<double>(1.5), new PowScalar<float>(1.5f), 0.25, 4, 0)
            .Referring(x => x * Precise.Sqrt(x), 1, 0, 1e6).Claiming(Convexity.Convex)
            .Stating(At(0, 0, 0), At(4, 8, 3), At(-1, NaN)),
        Rows.Unary("pow-scalar-cube", typeof(PowScalar<>), new PowScalar<double>(3), new PowScalar<float>(3))
            .Referring(x => x * x * x, 1).Neither((-2, 0), (0, 2))
            .Stating(At(0, 0, 0), At(-2, -8, 12)),

        Rows.Binary("pow", typeof(Pow<>), default(Pow<double>), default(Pow<float>), 0.5, 3)
            .Referring(PreciseInverses.Pow, 0.8, (1e-3, 1e3), (-5, 5))
            .Stating(At(2, 3, 8, 12, 8 * 0.6931471805599453), At(0, 0, 1, 0, 0), At(0, 2, 0, 0, 0), At(-2, 2, 4, -4, NaN), At(NaN, 0, 1, 0, NaN)),
        Rows.Binary("atan2", typeof(Atan2<>), default(Atan2<double>), default(Atan2<float>), 0.5, 3)
            .Referring(PreciseInverses.Atan2, 1.5)
            .Stating(At(0, 1, 0, 1, 0), At(0, -1, 3.141592653589793, -1, 0), At(1, 0, 1.5707963267948966, 0, -1)),
        Rows.Binary("hypot", typeof(Hypot<>), default(Hypot<double>), default(Hypot<float>), 0.5, 3, 0.5, 3)
            .Referring((x, y) => Precise.Sqrt(x * x + y * y), 1).Claiming(Convexity.Convex)
            .Stating(At(3, 4, 5, 0.6, 0.8), At(Infinity, NaN, Infinity, NaN, NaN)),
        Rows.Binary("remainder", typeof(Remainder<>), default(Remainder<double>), default(Remainder<float>), secondLow: 0.5, secondHigh: 2.5)
            .Kinked(x => Math.Abs((x[0] / x[1]) - Math.Round(x[0] / x[1])))
            .Stating(At(5, 3, 2, 1, -1), At(-5, 3, 1, 1, 2), At(5, -3, -1, 1, 2)),
        Rows.Binary("log-add-exp", typeof(LogAddExp<>), default(LogAddExp<double>), default(LogAddExp<float>)).Claiming(Convexity.Convex)
            .Stating(At(0, 0, 0.6931471805599453, 0.5, 0.5), At(-Infinity, -Infinity, -Infinity, 0.5, 0.5), At(1000, 0, 1000, 1, 0)),
        Rows.Binary("xlogy", typeof(XLogY<>), default(XLogY<double>), default(XLogY<float>), secondLow: 0.5, secondHigh: 2.5)
            .Referring((x, y) => x * PreciseFunctions.Log(y), 2.5, (-1e6, 1e6), (1e-20, 1e6))
            .Stating(At(0, 0, 0, 0, NaN), At(2, 1, 0, 0, 2), At(0, NaN, NaN, NaN, NaN)),
        Rows.Binary("prelu", typeof(PRelu<>), default(PRelu<double>), default(PRelu<float>))
            .Referring((x, a) => x > 0 ? x : x * a).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0.25, 0, 0.25, 0), At(-2, 0.25, -0.5, 0.25, -2), At(2, 0.25, 2, 1, 0)),
        Rows.Binary("gated-sigmoid", typeof(Gated<,>), default(Gated<Sigmoid<double>, double>), default(Gated<Sigmoid<float>, float>), secondLow: 0.5, secondHigh: 2.5)
            .Referring((x, y) => PreciseFunctions.Sigmoid(x) * y, 3, (-80, 80), (-1e3, 1e3))
            .Stating(At(0, 2, 1, 0.5, 0.5)),
        Rows.Binary("gated-silu", typeof(Gated<,>), default(Gated<Silu<double>, double>), default(Gated<Silu<float>, float>), secondLow: 0.5, secondHigh: 2.5)
            .Referring((x, y) => x * PreciseFunctions.Sigmoid(x) * y, 5, (-80, 80), (-1e3, 1e3))
            .Stating(At(0, 2, 0, 1, 0)),
        Rows.Binary("gated-gelu", typeof(Gated<,>), default(Gated<Gelu<double>, double>), default(Gated<Gelu<float>, float>), secondLow: 0.5, secondHigh: 2.5)
            .Referring((x, y) => x * PreciseFunctions.Erfc(-(x * s_rootHalf)) * 0.5 * y, 5, (-10, 80), (-1e3, 1e3))
            .Stating(At(0, 2, 0, 1, 0)),
    ];

    private static Precise Half(Precise x) => x * 0.5;
}
