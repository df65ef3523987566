using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Certificates;

/// <summary>The rules of composition: what follows of a result from what is known of its parts.</summary>
/// <remarks>
/// Boyd and Vandenberghe, <i>Convex Optimization</i>, 3.2 (sums, compositions, perspectives) and 3.5 (log-convexity); Grant, Boyd and Ye,
/// <i>Disciplined convex programming</i>, 2006. Each answers with the fact and the rule's name. Ranges are given: interval arithmetic has them.
/// </remarks>
internal static class Rules
{
    public static (Fact Fact, string Rule) Sum(IReadOnlyList<Fact> parts, Interval range)
    {
        Bend bend = parts.Aggregate(Bend.Affine, (all, part) => all & part.Bend);
        return (new(bend, range)
        {
            IsConstant = parts.All(p => p.IsConstant),
            IsLogConvex = parts.All(p => p.IsLogConvex),
            IsRootConvex = parts.All(p => p.IsRootConvex),
        }, bend == Bend.Unknown ? "a sum of terms that do not bend one way" : $"a sum of {Word(bend)} terms");
    }

    public static (Fact Fact, string Rule) Negate(Fact f, Interval range) =>
        (new(f.Bend.Negated(), range) { IsConstant = f.IsConstant }, $"minus {One(f.Bend)} one");

    /// <summary>A constant times f.</summary>
    public static (Fact Fact, string Rule) Scale(Interval factor, Fact f, Interval range)
    {
        if (factor.IsNonNegative)
            return (f with { Range = range }, $"{One(f.Bend)} one times a constant that is not negative");
        if (factor.IsNonPositive)
            return (new(f.Bend.Negated(), range) { IsConstant = f.IsConstant }, $"{One(f.Bend)} one times a constant that is not positive");
        return (new(f.IsAffine ? Bend.Affine : Bend.Unknown, range) { IsConstant = f.IsConstant }, "an affine one times a constant of unknown sign");
    }

    public static (Fact Fact, string Rule) Product(Fact f, Fact g, Interval range)
    {
        if (f.IsConstant)
            return Scale(f.Range, g, range);
        if (g.IsConstant)
            return Scale(g.Range, f, range);
        return f.IsLogConvex && g.IsLogConvex
            ? (new(Bend.Convex, range) { IsLogConvex = true }, "a product of log-convex factors")
            : (Fact.Unknown(range), "a product of two that vary");
    }

    public static (Fact Fact, string Rule) Quotient(Fact f, Fact g, Interval range)
    {
        if (g.IsConstant)
            return Scale(1 / g.Range, f, range);
        bool positive = g.Range.IsNonNegative && g.IsConcave;
        if (positive && f.IsRootConvex && !f.IsConstant)
            return (new(Bend.Convex, range), "a square of a convex one that is not negative, or of an affine one, over a concave positive one (quadratic over linear)");
        if (positive && f.IsLogConvex)
            return (new(Bend.Convex, range) { IsLogConvex = true }, "a log-convex one over a concave positive one");
        if (!f.IsConstant)
            return (Fact.Unknown(range), "a quotient of two that vary");
        (Fact inverse, string rule) = Compose(Atom.Power(-1), "the reciprocal", g, 1 / g.Range);
        (Fact scaled, _) = Scale(f.Range, inverse, range);
        return (scaled, rule);
    }

    /// <summary>A function of one argument, of f.</summary>
    public static (Fact Fact, string Rule) Compose(Atom atom, string name, Fact f, Interval range)
    {
        if (f.IsConstant)
            return (Fact.Constant(range), "a constant");
        if (f.Range.Intersect(atom.Domain) is not { } inside || !HasConvexDomain(atom.Domain, f))
            return (Fact.Unknown(range), $"{name} of {One(f.Bend)} one that may leave its domain");
        Bend bend = atom.BendOn(inside);
        Lean lean = atom.LeanOn(inside);
        Bend result = Bend.Unknown;
        if (f.IsAffine)
            result = bend;
        if ((bend & Bend.Convex) != 0 && (f.IsConvex && (lean & Lean.Rising) != 0 || f.IsConcave && (lean & Lean.Falling) != 0))
            result |= Bend.Convex;
        if ((bend & Bend.Concave) != 0 && (f.IsConcave && (lean & Lean.Rising) != 0 || f.IsConvex && (lean & Lean.Falling) != 0))
            result |= Bend.Concave;
        string how = f.IsAffine ? $"{name}, {Word(bend)}, of an affine one" : $"{name}, {Word(bend)} and {(lean == Lean.Falling ? "falling" : lean == Lean.Rising ? "rising" : "not monotone")}, of {One(f.Bend)} one";
        return (new(result, range), how);
    }

    /// <summary>xᵖ for a constant p.</summary>
    public static (Fact Fact, string Rule) Power(Fact f, double p, Interval range)
    {
        Atom atom = Atom.Power(p);
        (Fact fact, string rule) = Compose(atom, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the power {p}"), f, range);
        if (f.IsConstant)
            return (fact, rule);
        bool even = p == Math.Floor(p) && p % 2 == 0, nonNegative = f.Range.IsNonNegative;
        // |f|^(p/2) is convex for p ≥ 2.
        bool root = p >= 2 && (f.IsAffine && (even || nonNegative) || f.IsConvex && nonNegative);
        bool log = p < 0 && f.IsConcave && nonNegative || p > 0 && f.IsLogConvex;
        if (root || log)
            fact = fact with { Bend = fact.Bend | Bend.Convex, IsRootConvex = root, IsLogConvex = log };
        return (fact, rule);
    }

    public static (Fact Fact, string Rule) Exponential(Fact f, string name, Interval range)
    {
        (Fact fact, string rule) = Compose(Functions.Exponential.Atom!, name, f, range);
        return (fact with { IsLogConvex = fact.IsLogConvex || f.IsConvex }, rule);
    }

    public static (Fact Fact, string Rule) Logarithm(Fact f, string name, Interval range)
    {
        (Fact fact, string rule) = Compose(Functions.Logarithm.Atom!, name, f, range);
        return f.IsLogConvex && !f.IsConstant ? (fact with { Bend = fact.Bend | Bend.Convex }, "the logarithm of a log-convex one (sums of exponentials are)") : (fact, rule);
    }

    public static (Fact Fact, string Rule) SquareRoot(Fact f, Interval range)
    {
        (Fact fact, string rule) = Compose(Functions.Sqrt.Atom!, "sqrt", f, range);
        return f.IsRootConvex && !f.IsConstant ? (fact with { Bend = fact.Bend | Bend.Convex }, "the root of a sum of squares (a norm)") : (fact, rule);
    }

    public static (Fact Fact, string Rule) Maximum(IReadOnlyList<Fact> parts, Interval range)
    {
        bool convex = parts.All(p => p.IsConvex), constant = parts.All(p => p.IsConstant);
        return (new(constant ? Bend.Affine : convex ? Bend.Convex : Bend.Unknown, range)
        {
            IsConstant = constant, IsLogConvex = parts.All(p => p.IsLogConvex), IsRootConvex = parts.All(p => p.IsRootConvex),
        }, "the greatest of convex ones");
    }

    public static (Fact Fact, string Rule) Minimum(IReadOnlyList<Fact> parts, Interval range)
    {
        bool concave = parts.All(p => p.IsConcave), constant = parts.All(p => p.IsConstant);
        return (new(constant ? Bend.Affine : concave ? Bend.Concave : Bend.Unknown, range) { IsConstant = constant }, "the least of concave ones");
    }

    public static (Fact Fact, string Rule) LogSumExp(IReadOnlyList<Fact> parts, Interval range)
    {
        bool constant = parts.All(p => p.IsConstant);
        return (new(constant ? Bend.Affine : parts.All(p => p.IsConvex) ? Bend.Convex : Bend.Unknown, range) { IsConstant = constant }, "logsumexp, convex and rising in each, of convex ones");
    }

    /// <summary>A norm that rises with each magnitude.</summary>
    public static (Fact Fact, string Rule) Norm(IReadOnlyList<Fact> parts, Interval range)
    {
        bool constant = parts.All(p => p.IsConstant), convex = parts.All(p => p.IsAffine || p.IsConvex && p.Range.IsNonNegative);
        return (new(constant ? Bend.Affine : convex ? Bend.Convex : Bend.Unknown, range) { IsConstant = constant }, "a norm of affine ones, or of convex ones that are not negative");
    }

    public static string Word(Bend bend) => bend switch
    {
        Bend.Affine => "affine",
        Bend.Convex => "convex",
        Bend.Concave => "concave",
        _ => "neither convex nor concave",
    };

    private static string One(Bend bend) => bend switch { Bend.Affine => "an affine", Bend.Unknown => "an unknown", _ => $"a {Word(bend)}" };

    // {x : low ≤ f(x) ≤ high} is convex if f is concave where the lower end binds, and convex where the upper one does.
    private static bool HasConvexDomain(Interval domain, Fact f) =>
        (f.Range.Low >= domain.Low || f.IsConcave) && (f.Range.High <= domain.High || f.IsConvex);
}
