using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Intervals;
using FastGrad.Autograd;
using static FastGrad.Analysis.Intervals.IntervalFunctions;

namespace FastGrad.Analysis.Expressions;

/// <summary>The functions of formulas. A row has the value, the tensor, f, f′ and f″ over intervals, and how it bends.</summary>
public static class Functions
{
    private static readonly Interval s_positive = Interval.NonNegative, s_unit = new(-1, 1), s_fromOne = new(1, double.PositiveInfinity), s_aboveMinusOne = new(-1, double.PositiveInfinity);

    private static readonly Interval s_ln2 = new(double.BitDecrement(0.6931471805599453), double.BitIncrement(0.6931471805599453));

    private static readonly Interval s_ln10 = new(double.BitDecrement(2.302585092994046), double.BitIncrement(2.302585092994046));

    // 2/√π
    private static readonly Interval s_erfScale = new(double.BitDecrement(1.1283791670955126), double.BitIncrement(1.1283791670955126));

    /// <summary>a + b.</summary>
    internal static Function Add { get; } = Operator("add", "+", 1, v => v[0] + v[1], v => v[0] + v[1], v => v[0] + v[1]);

    /// <summary>a − b.</summary>
    internal static Function Subtract { get; } = Operator("subtract", "-", 1, v => v[0] - v[1], v => v[0] - v[1], v => v[0] - v[1]);

    /// <summary>a·b.</summary>
    internal static Function Multiply { get; } = Operator("multiply", "*", 3, v => v[0] * v[1], v => v[0] * v[1], v => v[0] * v[1]);

    /// <summary>a/b.</summary>
    internal static Function Divide { get; } = Operator("divide", "/", 3, v => v[0] / v[1], v => v[0] / v[1], v => v[0] / v[1]);

    /// <summary>−a.</summary>
    internal static Function Negate { get; } = new("negate", 1, 1, v => -v[0], v => -v[0], v => -v[0]) { Sign = "-", Precedence = 2 };

    /// <summary>aᵇ.</summary>
    internal static Function Power { get; } = Operator("power", "^", 5, v => Kernels.Functions.Pow<double>.At(v[0], v[1]), v => v[0].Pow(v[1]), PowerJet);

    /// <summary>x².</summary>
    internal static Function Square { get; } = Unary("square", Atom.Valley(Bend.Convex), x => x * x, x => x.Square(), x => x.Square(), (x, _) => 2 * x, (_, _) => 2);

    /// <summary>√x.</summary>
    internal static Function Sqrt { get; } = Unary("sqrt", Atom.Whole(Bend.Concave, Lean.Rising, s_positive), Math.Sqrt, x => x.Sqrt(), x => x.Sqrt(), (_, y) => 0.5 / y, (_, y) => -0.25 / (y * y.Square()));

    /// <summary>eˣ.</summary>
    internal static Function Exponential { get; } = Unary("exp", Atom.Whole(Bend.Convex, Lean.Rising), Kernels.Functions.Exp<double>.At, x => x.Exp(), Exp, (_, y) => y, (_, y) => y);

    /// <summary>ln x.</summary>
    internal static Function Logarithm { get; } = Unary("log", Atom.Whole(Bend.Concave, Lean.Rising, s_positive), Kernels.Functions.Log<double>.At, x => x.Log(), Log, (x, _) => 1 / x, (x, _) => -(1 / x.Square()));

    /// <summary>ln(1 + x).</summary>
    internal static Function LogarithmOfOneAnd { get; } = Unary("log1p", Atom.Whole(Bend.Concave, Lean.Rising, s_aboveMinusOne), Kernels.Functions.Log1p<double>.At, x => x.Log1p(), Log1p, (x, _) => 1 / (1 + x), (x, _) => -(1 / (1 + x).Square()));

    /// <summary>x·ln x, 0 at 0: the negative entropy's term.</summary>
    internal static Function EntropyTerm { get; } = Unary(
        "xlogx", new(s_positive, [(s_positive, Bend.Convex)], [(new(0, 0.36), Lean.Falling), (new(0.37, double.PositiveInfinity), Lean.Rising)]),
        x => x == 0 ? 0 : x * Kernels.Functions.Log<double>.At(x), x => x.Xlogy(x),
        // The least value is −1/e; it rises without bound.
        x => new(-0.36787944117144235, x.High <= 1 ? 0 : (x * Log(x)).High), (x, _) => 1 + Log(x), (x, _) => 1 / x);

    /// <summary>The greatest; of what is not defined nothing is.</summary>
    internal static Function Max { get; } = Several("max", v => v.Aggregate(Math.Max), v => v.Aggregate((a, b) => a.Maximum(b)), v => v.Aggregate(JetSelections.Max));

    /// <summary>The least.</summary>
    internal static Function Min { get; } = Several("min", v => v.Aggregate(Math.Min), v => v.Aggregate((a, b) => a.Minimum(b)), v => -v.Select(x => -x).Aggregate(JetSelections.Max));

    /// <summary>√(x₁² + x₂² + …).</summary>
    internal static Function Norm { get; } = Several("norm", v => Math.Sqrt(v.Sum(x => x * x)), v => v.Select(x => x.Square()).Aggregate((a, b) => a + b).Sqrt(),
        v => Sqrt.Jet([v.Select(x => Square.Jet([x])).Aggregate((a, b) => a + b)]));

    /// <summary>ln(eˣ¹ + eˣ² + …).</summary>
    internal static Function LogSumExp { get; } = Several("logsumexp", LogSumExpValue, v => v.Aggregate((a, b) => a.LogAddExp(b)),
        v => Logarithm.Jet([v.Select(x => Exponential.Jet([x])).Aggregate((a, b) => a + b)]));

    /// <summary>x²/y for y &gt; 0.</summary>
    internal static Function QuadraticOverLinear { get; } = new(
        "quad_over_lin", 2, 2, v => v[1] > 0 ? v[0] * v[0] / v[1] : double.NaN, v => v[0].Square() / v[1], v => Square.Jet([v[0]]) / v[1]);

    /// <summary>All functions that have a name in formulas.</summary>
    public static IReadOnlyList<Function> All { get; } =
    [
        Square, Sqrt, Exponential, Logarithm, LogarithmOfOneAnd, EntropyTerm, Max, Min, Norm, LogSumExp, QuadraticOverLinear,
        Unary("abs", Atom.Valley(Bend.Convex), Math.Abs, x => x.Abs(), x => x.Abs(), (x, _) => Step(x, -1, 1), (x, _) => Kink(x)),
        Unary("relu", Atom.Whole(Bend.Convex, Lean.Rising), x => x < 0 ? 0 : x, x => x.Relu(), x => new(Math.Max(0, x.Low), Math.Max(0, x.High)), (x, _) => Step(x, 0, 1), (x, _) => Kink(x)),
        Unary("cbrt", Atom.Turning(Bend.Convex, Lean.Rising), Kernels.Functions.Cbrt<double>.At, x => x.Cbrt(), Cbrt, (_, y) => 1 / (3 * y.Square()), (_, y) => -2 / (9 * y.Power(5)), x => x.ContactAt(0)),
        Unary("exp2", Atom.Whole(Bend.Convex, Lean.Rising), Kernels.Functions.Exp2<double>.At, x => x.Exp2(), x => Exp(x * s_ln2), (_, y) => s_ln2 * y, (_, y) => s_ln2.Square() * y),
        Unary("expm1", Atom.Whole(Bend.Convex, Lean.Rising), Kernels.Functions.Expm1<double>.At, x => x.Expm1(), Expm1, (x, _) => Exp(x), (x, _) => Exp(x)),
        Unary("log2", Atom.Whole(Bend.Concave, Lean.Rising, s_positive), Kernels.Functions.Log2<double>.At, x => x.Log2(), x => Log(x) / s_ln2, (x, _) => 1 / (s_ln2 * x), (x, _) => -(1 / (s_ln2 * x.Square()))),
        Unary("log10", Atom.Whole(Bend.Concave, Lean.Rising, s_positive), Kernels.Functions.Log10<double>.At, x => x.Log10(), x => Log(x) / s_ln10, (x, _) => 1 / (s_ln10 * x), (x, _) => -(1 / (s_ln10 * x.Square()))),
        Unary("sin", Waves(0), Kernels.Functions.Sin<double>.At, x => x.Sin(), Sin, (x, _) => Cos(x), (_, y) => -y),
        Unary("cos", Waves(Math.PI / 2), Kernels.Functions.Cos<double>.At, x => x.Cos(), Cos, (x, _) => -Sin(x), (_, y) => -y),
        // Its domain has many pieces; the one around 0 is known to the rules, the others to intervals, which keep away from the poles.
        Unary("tan", new(Interval.All, [(new(-1.57, 0), Bend.Concave), (new(0, 1.57), Bend.Convex)], [(new(-1.57, 1.57), Lean.Rising)]),
            Kernels.Functions.Tan<double>.At, x => x.Tan(), Tan, (_, y) => 1 + y.Square(), (_, y) => 2 * y * (1 + y.Square()), x => Tan(x.Value).IsBounded ? Contact.None : Contact.Inside),
        Unary("asin", Atom.Turning(Bend.Concave, Lean.Rising, s_unit), Kernels.Functions.Asin<double>.At, x => x.Asin(), Asin, (x, _) => 1 / (1 - x.Square()).PositiveSqrt(), (x, _) => x / (1 - x.Square()).PositiveSqrt().Power(3)),
        Unary("acos", Atom.Turning(Bend.Convex, Lean.Falling, s_unit), Kernels.Functions.Acos<double>.At, x => x.Acos(), Acos, (x, _) => -(1 / (1 - x.Square()).PositiveSqrt()), (x, _) => -(x / (1 - x.Square()).PositiveSqrt().Power(3))),
        Unary("atan", Atom.Turning(Bend.Convex, Lean.Rising), Kernels.Functions.Atan<double>.At, x => x.Atan(), Atan, (x, _) => 1 / (1 + x.Square()), (x, _) => -2 * x / (1 + x.Square()).Square()),
        Unary("sinh", Atom.Turning(Bend.Concave, Lean.Rising), Kernels.Functions.Sinh<double>.At, x => x.Sinh(), Sinh, (x, _) => Cosh(x), (_, y) => y),
        Unary("cosh", Atom.Valley(Bend.Convex), Kernels.Functions.Cosh<double>.At, x => x.Cosh(), Cosh, (x, _) => Sinh(x), (_, y) => y),
        Unary("tanh", Atom.Turning(Bend.Convex, Lean.Rising), Kernels.Functions.Tanh<double>.At, x => x.Tanh(), Tanh, (_, y) => 1 - y.Square(), (_, y) => -2 * y * (1 - y.Square())),
        Unary("asinh", Atom.Turning(Bend.Convex, Lean.Rising), Kernels.Functions.Asinh<double>.At, x => x.Asinh(), Asinh, (x, _) => 1 / (1 + x.Square()).Sqrt(), (x, _) => -x / (1 + x.Square()).Sqrt().Power(3)),
        Unary("acosh", Atom.Whole(Bend.Concave, Lean.Rising, s_fromOne), Kernels.Functions.Acosh<double>.At, x => x.Acosh(), Acosh, (x, _) => 1 / (x.Square() - 1).PositiveSqrt(), (x, _) => -x / (x.Square() - 1).PositiveSqrt().Power(3)),
        Unary("atanh", Atom.Turning(Bend.Concave, Lean.Rising, s_unit), Kernels.Functions.Atanh<double>.At, x => x.Atanh(), Atanh, (x, _) => 1 / (1 - x.Square()), (x, _) => 2 * x / (1 - x.Square()).Square()),
        Unary("sigmoid", Atom.Turning(Bend.Convex, Lean.Rising), Kernels.Functions.Sigmoid<double>.At, x => x.Sigmoid(), Sigmoid, (_, y) => y * (1 - y), (_, y) => y * (1 - y) * (1 - 2 * y)),
        Unary("softplus", Atom.Whole(Bend.Convex, Lean.Rising), SoftplusValue, x => x.Softplus(), Softplus, (x, _) => Sigmoid(x), (x, _) => Sigmoid(x) * (1 - Sigmoid(x))),
        Unary("erf", Atom.Turning(Bend.Convex, Lean.Rising), Kernels.Functions.Erf<double>.At, x => x.Erf(), Erf, (x, _) => s_erfScale * Exp(-x.Square()), (x, _) => -2 * x * (s_erfScale * Exp(-x.Square()))),
        Unary("huber", Atom.Valley(Bend.Convex), x => Math.Abs(x) <= 1 ? x * x / 2 : Math.Abs(x) - 0.5, HuberTensor,
            x => HuberRange(x.Abs()), (x, _) => new Interval(Math.Clamp(x.Low, -1, 1), Math.Clamp(x.High, -1, 1)), (_, _) => new Interval(0, 1)),
    ];

    private static readonly Dictionary<string, string> s_otherNames = new()
    {
        ["ln"] = "log", ["arcsin"] = "asin", ["arccos"] = "acos", ["arctan"] = "atan", ["arsinh"] = "asinh", ["arcosh"] = "acosh", ["artanh"] = "atanh",
        ["logistic"] = "sigmoid", ["hypot"] = "norm", ["maximum"] = "max", ["minimum"] = "min", ["log_sum_exp"] = "logsumexp",
    };

    /// <summary>The function of a name, or null. <c>ln</c>, <c>arctan</c> and the like are other names.</summary>
    public static Function? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string known = s_otherNames.GetValueOrDefault(name, name);
        return All.FirstOrDefault(f => f.Name == known);
    }

    private static Function Operator(
        string name, string sign, int precedence, Func<IReadOnlyList<double>, double> value, Func<IReadOnlyList<Tensor<double>>, Tensor<double>> tensor, Func<IReadOnlyList<Jet>, Jet> jet) =>
        new(name, 2, 2, value, tensor, jet) { Sign = sign, Precedence = precedence };

    private static Function Several(
        string name, Func<IReadOnlyList<double>, double> value, Func<IReadOnlyList<Tensor<double>>, Tensor<double>> tensor, Func<IReadOnlyList<Jet>, Jet> jet) =>
        new(name, 1, int.MaxValue, value, tensor, jet);

    private static Function Unary(
        string name, Atom atom, Func<double, double> value, Func<Tensor<double>, Tensor<double>> tensor,
        Func<Interval, Interval> range, Func<Interval, Interval, Interval> slope, Func<Interval, Interval, Interval> bend, Func<Jet, Contact>? contact = null) =>
        new(name, 1, 1, v => value(v[0]), v => tensor(v[0]), v => Over(v[0], atom.Domain, range, slope, bend).With(contact?.Invoke(v[0]) ?? Contact.None)) { Atom = atom };

    // Where the argument may leave the domain, the values are those inside, and no proof can rest on the derivatives.
    private static Jet Over(Jet x, Interval domain, Func<Interval, Interval> range, Func<Interval, Interval, Interval> slope, Func<Interval, Interval, Interval> bend)
    {
        if (x.Value.Intersect(domain) is not { } inside)
            return x.Compose(Interval.All, Interval.All, Interval.All).With(Contact.Inside);
        Interval y = range(inside);
        Jet result = x.Compose(y, slope(inside, y), bend(inside, y));
        if (!domain.Contains(x.Value))
            return result.With(Contact.Inside);
        foreach (double end in (ReadOnlySpan<double>)[domain.Low, domain.High])
            result = double.IsFinite(end) ? result.With(x.ContactAt(end)) : result;
        return result;
    }

    private static Jet PowerJet(IReadOnlyList<Jet> v)
    {
        Interval p = v[1].Value;
        if (p.IsPoint && v[1].Gradient.All(g => g is { Low: 0, High: 0 }))
        {
            if (p.Low == Math.Floor(p.Low) && Math.Abs(p.Low) < 1000)
            {
                int n = (int)p.Low;
                Interval x = v[0].Value;
                return v[0].Compose(x.Power(n), n == 0 ? 0 : n * x.Power(n - 1), n is 0 or 1 ? 0 : (Interval)n * (n - 1) * x.Power(n - 2)).With(n < 0 ? v[0].ContactAt(0) : Contact.None);
            }
            return Over(v[0], s_positive, x => RealPower(x, p.Low), (x, _) => p * RealPower(x, p.Low - 1), (x, _) => p * (p - 1) * RealPower(x, p.Low - 2));
        }
        return Exponential.Jet([v[1] * Logarithm.Jet([v[0]])]);
    }

    // x ≥ 0: monotone in x, so the ends decide.
    private static Interval RealPower(Interval x, double p)
    {
        Interval low = End(x.Low), high = End(x.High);
        return low.Union(high);

        Interval End(double at) =>
            at == 0 ? (p > 0 ? Interval.Point(0) : new(double.MaxValue, double.PositiveInfinity)) :
            double.IsPositiveInfinity(at) ? (p < 0 ? Interval.Point(0) : new(double.MaxValue, double.PositiveInfinity)) : Exp(p * Log(at));
    }

    // Convex on [π, 2π], concave on [0, π], moved by a phase; a few periods to each side of 0.
    private static Atom Waves(double shift)
    {
        List<(Interval, Bend)> pieces = [];
        for (int k = -4; k < 4; k++)
            pieces.Add((new(k == 0 && shift == 0 ? 0 : Math.PI * k - shift + 1e-12, k == -1 && shift == 0 ? 0 : Math.PI * (k + 1) - shift - 1e-12), k % 2 == 0 ? Bend.Concave : Bend.Convex));
        return new(Interval.All, [.. pieces], []);
    }

    private static Interval Step(Interval x, double below, double above) => x.Low >= 0 ? above : x.High <= 0 ? below : new Interval(below, above);

    private static Interval Kink(Interval x) => x.Low > 0 || x.High < 0 ? Interval.Point(0) : Interval.All;

    private static Interval PositiveSqrt(this Interval x) => x.High < 0 ? Interval.NonNegative : x.Sqrt();

    private static Interval HuberRange(Interval magnitude)
    {
        return new(At(magnitude.Low).Low, At(magnitude.High).High);

        static Interval At(double x) => x <= 1 ? Interval.Point(x).Square() / 2 : Interval.Point(x) - 0.5;
    }

    private static Tensor<double> HuberTensor(Tensor<double> x)
    {
        // |x| clipped at 1, times what is left of the chord: c·(|x| − c/2) with c = min(|x|, 1).
        Tensor<double> magnitude = x.Abs(), c = magnitude.Clamp(max: 1);
        return c * (magnitude - c * 0.5);
    }

    private static double SoftplusValue(double x) => default(Kernels.Activations.Softplus<double>).Value(new Kernels.Simd.Lane<double>(x)).Value;

    private static double LogSumExpValue(IReadOnlyList<double> v)
    {
        double top = v.Max();
        return double.IsInfinity(top) ? top : top + Kernels.Functions.Log<double>.At(v.Sum(x => Kernels.Functions.Exp<double>.At(x - top)));
    }
}
