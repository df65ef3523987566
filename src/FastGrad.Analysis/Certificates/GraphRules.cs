using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Certificates;

/// <summary>The rules of composition for operations on tensors. A fact is of every element of a tensor.</summary>
internal static class GraphRules
{
    private const string NoRule = "no rule for this operation";

    /// <summary>Operations that move or repeat elements: every element of the result is one of an operand's, or 0.</summary>
    private static readonly HashSet<string> s_moves =
        ["copy", "reshape", "permute", "broadcast", "slice", "concatenate", "flip", "index-select", "gather", "diagonal", "windows", "max-pool-pick"];

    /// <summary>The same, with zeros between.</summary>
    private static readonly HashSet<string> s_movesWithZeros = ["diagonal-embed", "pick-labels", "place-labels", "embed", "tril", "triu"];

    /// <summary>Sums of elements, with weights that are 1.</summary>
    private static readonly HashSet<string> s_sums = ["sum", "cumulative-sum", "window-sum", "scatter-add", "index-sum"];

    /// <summary>Affine in each operand for fixed others.</summary>
    private static readonly HashSet<string> s_products = ["matmul", "linear", "conv", "conv-transposed"];

    /// <summary>Terms of losses in their first operand, the second fixed: convex for every value of the second, or for those named.</summary>
    private static readonly Dictionary<string, Interval> s_convexTerms = new()
    {
        ["bce-with-logits"] = new(0, 1), ["weighted-bce-with-logits"] = new(0, 1),
        ["poisson-log-rate-term"] = Interval.All, ["poisson-rate-term"] = Interval.NonNegative, ["squared-error"] = Interval.All,
    };

    private static readonly HashSet<string> s_affineTerms = ["kl-term", "kl-log-term"];

    /// <summary>Functions of one argument inside a loss of a difference or of a product.</summary>
    private static readonly Dictionary<string, Atom> s_terms = new()
    {
        ["HuberTerm"] = Atom.Valley(Bend.Convex), ["SmoothL1Term"] = Atom.Valley(Bend.Convex), ["LogCoshTerm"] = Atom.Valley(Bend.Convex),
        ["PinballTerm"] = Atom.Valley(Bend.Convex), ["Abs"] = Atom.Valley(Bend.Convex), ["Square"] = Atom.Valley(Bend.Convex),
        ["HingeTerm"] = Atom.Whole(Bend.Convex, Lean.Falling), ["SquaredHingeTerm"] = Atom.Whole(Bend.Convex, Lean.Falling),
    };

    /// <summary>What follows of an operation's result. Of constants the range is kept: their sign decides what products do.</summary>
    public static (Fact Fact, string Rule) Of(GraphOperation<double> operation, Fact[] f) =>
        f.All(part => part.IsConstant) ? (Fact.Constant(Rule(operation, f).Fact.Range), "a constant") : Rule(operation, f);

    private static (Fact Fact, string Rule) Rule(GraphOperation<double> operation, Fact[] f)
    {
        string name = operation.Name;
        if (s_moves.Contains(name))
            return (Joined(f), "elements in other places");
        if (s_movesWithZeros.Contains(name))
            return (Joined([.. f, Fact.Constant(0)]), "elements in other places, and zeros");
        // The constant may be any number, so that nothing is known of the range.
        if (name == "pad")
            return (new(f[0].Bend, Interval.All), "elements in other places, and a constant");
        if (s_sums.Contains(name))
            return Rules.Sum(f, f.All(part => part.Range.IsNonNegative) ? Interval.NonNegative : Interval.All);
        if (s_products.Contains(name))
            return Product(f);
        if (f.Length == 2 && s_affineTerms.Contains(name) && f[1].IsConstant)
            return (Fact.Unknown(Interval.All) with { Bend = f[0].IsAffine ? Bend.Affine : Bend.Unknown }, "affine in its first operand");
        if (f.Length == 2 && s_convexTerms.TryGetValue(name, out Interval second) && f[1].IsConstant && second.Contains(f[1].Range))
            return (new(f[0].IsAffine ? Bend.Convex : Bend.Unknown, Interval.All), $"{name}, convex in its first operand, of {(f[0].IsAffine ? "an affine one" : "one that is not affine")}");
        return name switch
        {
            "add" => Rules.Sum(f, f[0].Range + f[1].Range),
            "subtract" => Rules.Sum([f[0], Rules.Negate(f[1], -f[1].Range).Fact], f[0].Range - f[1].Range),
            "negate" => Rules.Negate(f[0], -f[0].Range),
            "multiply" when IsSameTensor(operation) => Rules.Power(f[0], 2, f[0].Range.Square()),
            "multiply" => Rules.Product(f[0], f[1], f[0].Range * f[1].Range),
            "multiply-scalar" or "add-scalar" when f.Length == 1 => (new(f[0].IsAffine ? Bend.Affine : Bend.Unknown, Ends(operation, f[0].Range)), f[0].IsAffine ? "affine" : NoRule),
            "multiply-scalar" or "add-scalar" or "add-scaled" => f.All(part => part.IsAffine) ? (new(Bend.Affine, Interval.All), "affine") : (Fact.Unknown(Interval.All), NoRule),
            "divide" => Rules.Quotient(f[0], f[1], f[0].Range / f[1].Range),
            "square" => Rules.Power(f[0], 2, f[0].Range.Square()),
            "exp" => Rules.Exponential(f[0], "exp", IntervalFunctions.Exp(f[0].Range)),
            "log" => Rules.Logarithm(f[0], "log", Interval.All),
            "sqrt" => Rules.SquareRoot(f[0], Interval.NonNegative),
            "maximum" or "max" => Rules.Maximum(f, f.Aggregate(f[0].Range, (all, part) => all.Union(part.Range))),
            "minimum" => Rules.Minimum(f, f.Aggregate(f[0].Range, (all, part) => all.Union(part.Range))),
            "norm" => operation.Primitive is Norm<double> { Exponent: >= 1 } ? Rules.Norm(f, Interval.NonNegative) : (Fact.Unknown(Interval.NonNegative), "a p-norm with p < 1"),
            "logsumexp" => Rules.LogSumExp(f, Interval.All),
            "log-softmax" => (new(f[0].IsAffine ? Bend.Concave : Bend.Unknown, new(double.NegativeInfinity, 0)), "log-softmax, an affine one less logsumexp, of an affine one"),
            "softmax-cross-entropy" => (new(f[0].IsAffine ? Bend.Convex : Bend.Unknown, Interval.All), "softmax cross entropy, logsumexp less an affine one, of an affine one"),
            "variance" => (new(f[0].IsAffine ? Bend.Convex : Bend.Unknown, Interval.NonNegative), "the variance, a convex quadratic form, of an affine one"),
            "of-difference" => Term(operation, Rules.Sum([f[0], Rules.Negate(f[1], -f[1].Range).Fact], f[0].Range - f[1].Range).Fact),
            "of-product" => Term(operation, Rules.Product(f[0], f[1], f[0].Range * f[1].Range).Fact),
            _ => Function(operation, f),
        };
    }

    // Each element of the result is an element of one of these.
    private static Fact Joined(Fact[] f) => new(f.Aggregate(Bend.Affine, (all, part) => all & part.Bend), f.Aggregate(f[0].Range, (all, part) => all.Union(part.Range)))
    {
        IsConstant = f.All(part => part.IsConstant), IsLogConvex = f.All(part => part.IsLogConvex), IsRootConvex = f.All(part => part.IsRootConvex),
    };

    // Σ aᵢⱼxⱼ + b: one factor is constant. A sum of convex ones with weights that are not negative is convex.
    private static (Fact Fact, string Rule) Product(Fact[] f)
    {
        Fact varying = f[0].IsConstant ? f[1] : f[0], factor = f[0].IsConstant ? f[0] : f[1];
        if (!factor.IsConstant)
            return (Fact.Unknown(Interval.All), "a product of two that vary");
        (Fact scaled, _) = Rules.Scale(factor.Range, varying, Interval.All);
        scaled = scaled with { IsConstant = varying.IsConstant, IsLogConvex = false, IsRootConvex = false };
        return f.Length > 2 ? Rules.Sum([scaled, f[2]], Interval.All) : (scaled, $"sums of {Rules.Word(varying.Bend)} ones times constants");
    }

    private static (Fact Fact, string Rule) Term(GraphOperation<double> operation, Fact argument)
    {
        // UnaryPrimitive<OfDifference<HuberTerm<double>, double>, double>: the inner operator's name.
        Type inner = operation.Primitive!.GetType().GenericTypeArguments[0].GenericTypeArguments[0];
        string name = inner.Name.Split('`')[0];
        return s_terms.TryGetValue(name, out Atom? atom) ? Rules.Compose(atom, name, argument, Interval.NonNegative) : (Fact.Unknown(Interval.All), NoRule);
    }

    private static (Fact Fact, string Rule) Function(GraphOperation<double> operation, Fact[] f)
    {
        if (f.Length != 1 || operation.Primitive is not { } primitive)
            return (Fact.Unknown(Interval.All), NoRule);
        // Only elementwise operators of one operand: other operations of the same name would mean something else.
        if (primitive.GetType() is not { IsGenericType: true } type || type.GetGenericTypeDefinition() != typeof(UnaryPrimitive<,>))
            return (Fact.Unknown(Interval.All), NoRule);
        string name = type.GenericTypeArguments[0].Name.Split('`')[0];
        if (s_terms.TryGetValue(name, out Atom? term))
            return Rules.Compose(term, name, f[0], Interval.NonNegative);
        if (name == "Clamp")
            return Clamped(Ends(operation, Interval.All), f[0]);
        if (name == "LogSigmoid")
            return Rules.Compose(Atom.Whole(Bend.Concave, Lean.Rising), "log-sigmoid", f[0], new(double.NegativeInfinity, 0));
        if (Functions.Find(operation.Name) is not { Atom: { } atom } function)
            return (Fact.Unknown(Interval.All), NoRule);
        return Rules.Compose(atom, function.Name, f[0], function.Jet([Jet.Constant(f[0].Range, 0)]).Value);
    }

    // Held from below alone it is the greater of a line and a constant, held from above alone the lesser.
    private static (Fact Fact, string Rule) Clamped(Interval bounds, Fact f) =>
        double.IsPositiveInfinity(bounds.High) ? Rules.Compose(Atom.Whole(Bend.Convex, Lean.Rising), "clamp from below", f, bounds) :
        double.IsNegativeInfinity(bounds.Low) ? Rules.Compose(Atom.Whole(Bend.Concave, Lean.Rising), "clamp from above", f, bounds) :
        (Fact.Unknown(bounds), "a clamp from both sides");

    // A monotone operator of one operand: its values at the ends, a unit outward for their rounding. A zero keeps its sign.
    private static Interval Ends(GraphOperation<double> operation, Interval range)
    {
        double[] ends = operation.Primitive!.Apply(Tensor.From(range.Low, range.High)).ToArray();
        double low = Math.Min(ends[0], ends[1]), high = Math.Max(ends[0], ends[1]);
        return double.IsNaN(low) || double.IsNaN(high)
            ? Interval.All
            : new(low == 0 && !double.IsNegative(low) ? 0 : double.BitDecrement(low), high == 0 && double.IsNegative(high) ? 0 : double.BitIncrement(high));
    }

    private static bool IsSameTensor(GraphOperation<double> operation) =>
        operation.InputValues[0] == operation.InputValues[1] && ReferenceEquals(operation.Inputs[0], operation.Inputs[1]);
}
