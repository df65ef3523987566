using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Certificates;

/// <summary>How one function of one argument bends and leans, by pieces of its domain: what the rules of composition need.</summary>
/// <param name="Domain">Where it is defined: an interval.</param>
/// <param name="Bends">Closed pieces on which it is convex or concave; a function with kinks may be convex across them.</param>
/// <param name="Leans">Closed pieces on which it is monotone.</param>
internal sealed record Atom(Interval Domain, (Interval Piece, Bend Bend)[] Bends, (Interval Piece, Lean Lean)[] Leans)
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly Interval s_below = new(-Infinity, 0);

    /// <summary>How it bends where its argument lies in a range.</summary>
    public Bend BendOn(Interval range)
    {
        Bend bend = Bend.Unknown;
        foreach ((Interval piece, Bend here) in Bends)
            bend |= piece.Contains(range) ? here : Bend.Unknown;
        return bend;
    }

    /// <summary>How it leans where its argument lies in a range.</summary>
    public Lean LeanOn(Interval range)
    {
        Lean lean = Lean.Unknown;
        foreach ((Interval piece, Lean here) in Leans)
            lean |= piece.Contains(range) ? here : Lean.Unknown;
        return lean;
    }

    /// <summary>Of one kind on its whole domain.</summary>
    public static Atom Whole(Bend bend, Lean lean, Interval? domain = null)
    {
        Interval all = domain ?? Interval.All;
        return new(all, [(all, bend)], lean == Lean.Unknown ? [] : [(all, lean)]);
    }

    /// <summary>Convex or concave on the whole domain, falling below a place and rising above it, or the other way round for concave ones.</summary>
    public static Atom Valley(Bend bend, double at = 0) => new(
        Interval.All,
        [(Interval.All, bend)],
        [(new(-Infinity, at), bend == Bend.Convex ? Lean.Falling : Lean.Rising), (new(at, Infinity), bend == Bend.Convex ? Lean.Rising : Lean.Falling)]);

    /// <summary>Monotone on the domain, with one bend below 0 and the other above.</summary>
    public static Atom Turning(Bend below, Lean lean, Interval? domain = null)
    {
        Interval all = domain ?? Interval.All;
        return new(all, [(new(all.Low, 0), below), (new(0, all.High), below.Negated())], [(all, lean)]);
    }

    /// <summary>xᵖ.</summary>
    public static Atom Power(double p)
    {
        bool whole = p == Math.Floor(p), even = whole && p % 2 == 0;
        return p switch
        {
            0 => Whole(Bend.Affine, Lean.Rising | Lean.Falling),
            1 => Whole(Bend.Affine, Lean.Rising),
            > 1 when even => Valley(Bend.Convex),
            > 1 when whole => Turning(Bend.Concave, Lean.Rising),
            > 1 => Whole(Bend.Convex, Lean.Rising, Interval.NonNegative),
            > 0 => Whole(Bend.Concave, Lean.Rising, Interval.NonNegative),
            // Negative powers of whole numbers live on both sides of their pole, which no range may hold.
            _ when whole => new(
                Interval.All,
                [(s_below, even ? Bend.Convex : Bend.Concave), (Interval.NonNegative, Bend.Convex)],
                [(s_below, even ? Lean.Rising : Lean.Falling), (Interval.NonNegative, Lean.Falling)]),
            _ => Whole(Bend.Convex, Lean.Falling, Interval.NonNegative),
        };
    }
}
