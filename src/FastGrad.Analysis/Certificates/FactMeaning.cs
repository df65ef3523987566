using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Certificates;

/// <summary>Formulas as facts: how each part bends, by the rules of composition, written down step by step.</summary>
/// <param name="active">The variables; other names stand for unknown constants.</param>
/// <param name="box">Where each name's values lie.</param>
internal sealed class FactMeaning(IReadOnlyCollection<string> active, Func<string, Interval> box) : IMeaning<FactMeaning.Part>
{
    /// <summary>A part's fact, and its values over the box.</summary>
    public readonly record struct Part(Fact Fact, Jet Jet);

    private readonly Dictionary<string, ProofStep> _steps = [];

    /// <summary>The steps, each part after what it is made of.</summary>
    public IReadOnlyList<ProofStep> Steps => [.. _steps.Values];

    public Part Number(double value) => new(Fact.Constant(value), Jet.Constant(value, 0));

    public Part Variable(string name) => new(active.Contains(name) ? Fact.Variable(box(name)) : Fact.Constant(box(name)), Jet.Constant(box(name), 0));

    public Part Apply(Application application, IReadOnlyList<Part> arguments)
    {
        Jet jet = IsSquare(application) ? Functions.Square.Jet([arguments[0].Jet]) : application.Function.Jet([.. arguments.Select(a => a.Jet)]);
        (Fact fact, string rule) = Judge(application, [.. arguments.Select(a => a.Fact)], jet.Value);
        if (!fact.IsConstant)
            _steps.TryAdd(application.ToString(), new(application.ToString(), fact.Bend, rule));
        return new(fact, jet);
    }

    private static (Fact Fact, string Rule) Judge(Application e, Fact[] f, Interval range)
    {
        Function function = e.Function;
        if (f.All(part => part.IsConstant))
            return (Fact.Constant(range), "a constant");
        if (function == Functions.Add)
            return Rules.Sum(f, range);
        if (function == Functions.Subtract)
            return Rules.Sum([f[0], Rules.Negate(f[1], -f[1].Range).Fact], range);
        if (function == Functions.Negate)
            return Rules.Negate(f[0], range);
        if (IsSquare(e))
            return Rules.Power(f[0], 2, range);
        if (function == Functions.Multiply)
            return EntropyArgument(e) is int of ? Rules.Compose(Functions.EntropyTerm.Atom!, "x·log x", f[of], range) : Rules.Product(f[0], f[1], range);
        if (function == Functions.Divide)
            return Rules.Quotient(f[0], f[1], range);
        if (function == Functions.Power)
            return Raised(f[0], f[1], range);
        if (function == Functions.Square)
            return Rules.Power(f[0], 2, range);
        if (function == Functions.Sqrt)
            return Rules.SquareRoot(f[0], range);
        if (function == Functions.Exponential)
            return Rules.Exponential(f[0], "exp", range);
        if (function == Functions.Logarithm)
            return Rules.Logarithm(f[0], "log", range);
        if (function == Functions.LogarithmOfOneAnd)
            return f[0].IsLogConvex ? Rules.Logarithm(Rules.Sum([f[0], Fact.Constant(1)], 1 + f[0].Range).Fact, "log1p", range) : Rules.Compose(function.Atom!, "log1p", f[0], range);
        if (function == Functions.Max)
            return Rules.Maximum(f, range);
        if (function == Functions.Min)
            return Rules.Minimum(f, range);
        if (function == Functions.Norm)
            return Rules.Norm(f, range);
        if (function == Functions.LogSumExp)
            return Rules.LogSumExp(f, range);
        if (function == Functions.QuadraticOverLinear)
            // y > 0 is part of the function: what is not positive is outside its domain, a convex one where y is concave.
            return Rules.Quotient(Rules.Power(f[0], 2, f[0].Range.Square()).Fact, f[1] with { Range = f[1].Range.Intersect(Interval.NonNegative) ?? 0 }, range);
        return function.Atom is { } atom ? Rules.Compose(atom, function.Name, f[0], range) : (Fact.Unknown(range), $"no rule for {function.Name}");
    }

    private static (Fact Fact, string Rule) Raised(Fact x, Fact y, Interval range)
    {
        if (y.IsConstant && y.Range.IsPoint)
            return Rules.Power(x, y.Range.Low, range);
        // cʸ = exp(y·ln c)
        return x.IsConstant && x.Range.Low > 0
            ? Rules.Exponential(Rules.Scale(IntervalFunctions.Log(x.Range), y, IntervalFunctions.Log(x.Range) * y.Range).Fact, "a power with a positive base", range)
            : (Fact.Unknown(range), "a power of two that vary");
    }

    private static bool IsSquare(Application e) => e.Function == Functions.Multiply && e.Arguments[0].Equals(e.Arguments[1]);

    // x·log x or log x · x.
    private static int? EntropyArgument(Application e)
    {
        for (int i = 0; i < 2; i++)
            if (e.Arguments[1 - i] is Application log && log.Function == Functions.Logarithm && log.Arguments[0].Equals(e.Arguments[i]))
                return i;
        return null;
    }
}
