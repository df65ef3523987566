using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Certificates;

/// <summary>Tells whether a written formula is convex, with a proof or a counterexample, and never without either.</summary>
/// <remarks>
/// Three ways, in this order: rules of composition (<see cref="Rules"/>); the Hessian over the box in outward-rounded intervals, which may be
/// halved (<see cref="BoxProof"/>); a search for a segment that violates Jensen's inequality, confirmed in intervals.
/// A formula is taken on its natural domain: <c>log(x)</c> where x &gt; 0.
/// </remarks>
public static class ConvexityCertifier
{
    /// <summary>The verdict on a formula.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="box">An interval for some of its variables; the others range over all numbers. Null for none.</param>
    /// <returns>The verdict with its proof or counterexample.</returns>
    /// <exception cref="ArgumentException">The box names a variable that the formula does not have.</exception>
    public static ConvexityCertificate Certify(Expression formula, IReadOnlyDictionary<string, Interval>? box = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        IReadOnlyList<string> names = formula.Variables;
        box ??= new Dictionary<string, Interval>();
        if (box.Keys.FirstOrDefault(name => !names.Contains(name)) is { } stranger)
            throw new ArgumentException($"The box names '{stranger}', which '{formula}' does not have. {FastGrad.Optimization.Options.Nearest.Suggest(stranger, names)}", nameof(box));
        Dictionary<string, Interval> natural = NaturalBox(formula);
        Interval Given(string name) => box.TryGetValue(name, out Interval side) ? side.Intersect(natural[name]) ?? side : natural[name];

        (Verdict verdict, IReadOnlyList<ProofStep> proof) = Prove(formula, names, name => natural[name], Given, box.Count > 0);
        JensenViolation? counterexample = verdict == Verdict.Unknown ? new CounterexampleSearch(formula, names, Given).Find() : null;
        if (counterexample is not null)
            verdict = Verdict.NotConvex;
        Dictionary<string, Verdict> alone = [];
        foreach (string name in names)
            alone[name] = names.Count == 1 ? verdict : Prove(formula, [name], n => natural[n], Given, box.Count > 0).Verdict;
        return new(verdict, proof, counterexample, alone);
    }

    private static (Verdict Verdict, IReadOnlyList<ProofStep> Proof) Prove(
        Expression formula, IReadOnlyList<string> active, Func<string, Interval> natural, Func<string, Interval> given, bool isBoxed)
    {
        FactMeaning everywhere = new(active, natural);
        Bend bend = formula.Fold(everywhere).Fact.Bend;
        if (bend != Bend.Unknown)
            return (Everywhere(bend), everywhere.Steps);
        bend = BoxProof.Of(formula, active, natural);
        if (bend != Bend.Unknown)
            return (Everywhere(bend), ByHessian(formula, bend, "everywhere"));
        if (!isBoxed)
            return (Verdict.Unknown, everywhere.Steps);
        FactMeaning inside = new(active, given);
        bend = formula.Fold(inside).Fact.Bend;
        if (bend != Bend.Unknown)
            return (OnBox(bend), inside.Steps);
        bend = BoxProof.Of(formula, active, given);
        return bend == Bend.Unknown ? (Verdict.Unknown, inside.Steps) : (OnBox(bend), ByHessian(formula, bend, "on the box"));
    }

    private static ProofStep[] ByHessian(Expression formula, Bend bend, string where) =>
        [new(formula.ToString(), bend, $"its Hessian is {(bend == Bend.Affine ? "zero" : bend == Bend.Convex ? "positive semidefinite" : "negative semidefinite")} {where}, in outward-rounded intervals")];

    private static Verdict Everywhere(Bend bend) => bend switch { Bend.Affine => Verdict.Affine, Bend.Convex => Verdict.Convex, _ => Verdict.Concave };

    private static Verdict OnBox(Bend bend) => bend switch { Bend.Affine => Verdict.Affine, Bend.Convex => Verdict.ConvexOnBox, _ => Verdict.ConcaveOnBox };

    // Where log(x) stands, x is positive: the formula means nothing elsewhere.
    private static Dictionary<string, Interval> NaturalBox(Expression formula)
    {
        Dictionary<string, Interval> box = formula.Variables.ToDictionary(name => name, _ => Interval.All);
        Visit(formula);
        return box;

        void Visit(Expression e)
        {
            if (e is not Application { Arguments: var arguments, Function: var function })
                return;
            Interval? domain = function == Functions.Power && arguments[1] is Number { Value: var p } ? Atom.Power(p).Domain : function.Atom?.Domain;
            if (domain is { } inside && arguments[0] is Variable { Name: var name })
                box[name] = box[name].Intersect(inside) ?? box[name];
            if (function == Functions.QuadraticOverLinear && arguments[1] is Variable { Name: var below })
                box[below] = box[below].Intersect(Interval.NonNegative) ?? box[below];
            foreach (Expression argument in arguments)
                Visit(argument);
        }
    }
}
