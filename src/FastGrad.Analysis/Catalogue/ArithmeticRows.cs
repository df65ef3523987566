using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using static FastGrad.Analysis.Catalogue.StatedPoint;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Arithmetic, rounding and selection.</summary>
internal static class ArithmeticRows
{
    private const double Infinity = double.PositiveInfinity;

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Binary("add", typeof(Add<>), default(Add<double>), default(Add<float>))
            .Referring((x, y) => x + y).Claiming(Convexity.Affine),
        Rows.Binary("subtract", typeof(Subtract<>), default(Subtract<double>), default(Subtract<float>))
            .Referring((x, y) => x - y).Claiming(Convexity.Affine),
        Rows.Binary("multiply", typeof(Multiply<>), default(Multiply<double>), default(Multiply<float>))
            .Referring((x, y) => x * y),
        Rows.Binary("divide", typeof(Divide<>), default(Divide<double>), default(Divide<float>), secondLow: 0.5, secondHigh: 2.5)
            .Referring((x, y) => x / y)
            .Stating(At(1, 0, Infinity, Infinity, -Infinity)),
        Rows.Binary("add-scaled", typeof(AddScaled<>), new AddScaled<double>(0.75), new AddScaled<float>(0.75f))
            .Claiming(Convexity.Affine),
        Rows.Binary("maximum", typeof(Maximum<>), default(Maximum<double>), default(Maximum<float>))
            .Referring((x, y) => x > y ? x : y).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0] - x[1]))
            .Stating(At(1, 1, 1, 0.5, 0.5), At(2, 1, 2, 1, 0), At(double.NaN, 1, double.NaN, 1, 1), At(1, double.NaN, double.NaN, 1, 1)),
        Rows.Binary("minimum", typeof(Minimum<>), default(Minimum<double>), default(Minimum<float>))
            .Referring((x, y) => x < y ? x : y).Claiming(Convexity.Concave).Kinked(x => Math.Abs(x[0] - x[1]))
            .Stating(At(1, 1, 1, 0.5, 0.5), At(2, 1, 1, 0, 1), At(double.NaN, 1, double.NaN, 1, 1), At(1, double.NaN, double.NaN, 1, 1)),
        Rows.Binary("greater-of", typeof(GreaterOf<>), default(GreaterOf<double>), default(GreaterOf<float>))
            .Referring((x, y) => x > y ? x : y).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0] - x[1]))
            .Stating(At(1, 1, 1, 0, 1), At(double.NaN, 1, 1, 0, 1)),
        Rows.Binary("lesser-of", typeof(LesserOf<>), default(LesserOf<double>), default(LesserOf<float>))
            .Referring((x, y) => x < y ? x : y).Claiming(Convexity.Concave).Kinked(x => Math.Abs(x[0] - x[1]))
            .Stating(At(1, 1, 1, 0, 1), At(double.NaN, 1, 1, 0, 1)),
        Rows.Binary("copy-sign", typeof(CopySign<>), default(CopySign<double>), default(CopySign<float>))
            .Referring((x, y) => y < 0 ? -Precise.Abs(x) : Precise.Abs(x)).Kinked(x => Math.Min(Math.Abs(x[0]), Math.Abs(x[1])))
            .Stating(At(-2, 3, 2, -1, 0), At(2, 3, 2, 1, 0), At(0, 3, 0, 1, 0)),
        Rows.Ternary("fused-multiply-add", typeof(FusedMultiplyAdd<>), default(FusedMultiplyAdd<double>), default(FusedMultiplyAdd<float>)),
        Rows.Ternary("lerp", typeof(Lerp<>), default(Lerp<double>), default(Lerp<float>)),

        Rows.Unary("negate", typeof(Negate<>), default(Negate<double>), default(Negate<float>))
            .Referring(x => -x, 0.5).Claiming(Convexity.Affine),
        Rows.Unary("add-scalar", typeof(AddScalar<>), new AddScalar<double>(0.75), new AddScalar<float>(0.75f))
            .Referring(x => x + 0.75, 0.5).Claiming(Convexity.Affine),
        Rows.Unary("multiply-scalar", typeof(MultiplyScalar<>), new MultiplyScalar<double>(-1.25), new MultiplyScalar<float>(-1.25f))
            .Referring(x => x * -1.25, 0.5).Claiming(Convexity.Affine),
        Rows.Unary("square", typeof(Square<>), default(Square<double>), default(Square<float>))
            .Referring(x => x * x, 0.5).Claiming(Convexity.Convex),
        Rows.Unary("reciprocal", typeof(Reciprocal<>), default(Reciprocal<double>), default(Reciprocal<float>), 0.25, 4, 0)
            .Referring(x => (Precise)1 / x, 0.5).Claiming(Convexity.Convex)
            .Stating(At(0, Infinity, -Infinity), At(Infinity, 0)),
        Rows.Unary("sqrt", typeof(Sqrt<>), default(Sqrt<double>), default(Sqrt<float>), 0.25, 4, 0)
            .Referring(Precise.Sqrt, 0.5, 0, 1e6).Claiming(Convexity.Concave)
            .Stating(At(0, 0, Infinity), At(-1, double.NaN), At(Infinity, Infinity, 0)),
        Rows.Unary("abs", typeof(Abs<>), default(Abs<double>), default(Abs<float>))
            .Referring(Precise.Abs, 0.5).Claiming(Convexity.Convex).Kinked(x => Math.Abs(x[0]))
            .Stating(At(0, 0, 0), At(-0.0, 0, 0), At(-3, 3, -1)),
        Rows.Unary("clamp", typeof(Clamp<>), new Clamp<double>(-1, 0.5), new Clamp<float>(-1, 0.5f))
            .Referring(x => x < -1 ? -1 : x > 0.5 ? 0.5 : x, 0.5)
            .Kinked(x => Math.Min(Math.Abs(x[0] + 1), Math.Abs(x[0] - 0.5)))
            .Stating(At(-1, -1, 1), At(0.5, 0.5, 1), At(0.75, 0.5, 0), At(-2, -1, 0), At(double.NaN, double.NaN, 0)),

        Rows.Unary("sign", typeof(Sign<>), default(Sign<double>), default(Sign<float>))
            .Kinked(x => Math.Abs(x[0])).Stating(At(0, 0, 0), At(-0.0, 0, 0), At(5, 1, 0), At(-5, -1, 0)),
        Rows.Unary("floor", typeof(Floor<>), default(Floor<double>), default(Floor<float>))
            .Kinked(x => ToInteger(x[0])).Stating(At(1, 1, 0), At(-0.5, -1, 0), At(-Infinity, -Infinity, 0)),
        Rows.Unary("ceiling", typeof(Ceiling<>), default(Ceiling<double>), default(Ceiling<float>))
            .Kinked(x => ToInteger(x[0])).Stating(At(1, 1, 0), At(-1.5, -1, 0), At(0.25, 1, 0)),
        Rows.Unary("round", typeof(Round<>), default(Round<double>), default(Round<float>))
            .Kinked(x => ToInteger(x[0] + 0.5)).Stating(At(0.5, 0, 0), At(1.5, 2, 0), At(2.5, 2, 0), At(-0.75, -1, 0)),
        Rows.Unary("truncate", typeof(Truncate<>), default(Truncate<double>), default(Truncate<float>))
            .Kinked(x => ToInteger(x[0])).Stating(At(1.75, 1, 0), At(-1.75, -1, 0)),
    ];

    private static double ToInteger(double x) => Math.Abs(x - Math.Round(x));
}
