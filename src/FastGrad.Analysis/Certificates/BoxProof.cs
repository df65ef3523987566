using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Certificates;

/// <summary>Convexity by second derivatives: the Hessian over a box, in outward-rounded intervals, is positive semidefinite.</summary>
/// <remarks>The box is halved where intervals are too wide to tell; a twice differentiable function whose Hessian is positive semidefinite on every part is convex on the whole.</remarks>
internal static class BoxProof
{
    private const int MostParts = 4096, MostVariables = 12;

    /// <summary>How the formula bends over the box, as far as this proof tells.</summary>
    public static Bend Of(Expression formula, IReadOnlyList<string> active, Func<string, Interval> box)
    {
        if (active.Count is 0 or > MostVariables)
            return Bend.Unknown;
        Bend bend = Bend.Unknown;
        Interval[] whole = [.. active.Select(box)];
        // A pole or a kink may bound the box; where it lies inside, or may do so, every part must keep away from it.
        Contact allowed = formula.Fold(new JetMeaning(active, box)).Contact == Contact.Inside ? Contact.None : Contact.Edge;
        if (Holds(formula, active, box, whole, sign: 1, allowed))
            bend |= Bend.Convex;
        if (Holds(formula, active, box, whole, sign: -1, allowed))
            bend |= Bend.Concave;
        return bend;
    }

    private static bool Holds(Expression formula, IReadOnlyList<string> active, Func<string, Interval> box, Interval[] whole, int sign, Contact allowed)
    {
        Stack<Interval[]> parts = new([whole]);
        for (int count = 0; parts.TryPop(out Interval[]? part); count++)
        {
            if (count == MostParts)
                return false;
            Jet jet = formula.Fold(new JetMeaning(active, name => Index(name) is >= 0 and int i ? part[i] : box(name)));
            Interval[] hessian = sign > 0 ? jet.Hessian : [.. jet.Hessian.Select(h => -h)];
            bool isSmooth = jet.Contact <= allowed;
            if (isSmooth && IntervalMatrix.IsPositiveSemidefinite(hessian, active.Count))
                continue;
            // A diagonal entry that is certainly negative will not become positive in a smaller part.
            for (int i = 0; i < active.Count && isSmooth; i++)
                if (hessian[i * active.Count + i].High < 0)
                    return false;
            if (Halves(part) is not ({ } low, { } high))
                return false;
            parts.Push(low);
            parts.Push(high);
        }
        return true;

        int Index(string name)
        {
            for (int i = 0; i < active.Count; i++)
                if (active[i] == name)
                    return i;
            return -1;
        }
    }

    // The widest side is cut: at 0 if it has both signs without bound, at twice the bound if it is unbounded, else in the middle.
    private static (Interval[]? Low, Interval[]? High) Halves(Interval[] part)
    {
        int widest = 0;
        for (int i = 1; i < part.Length; i++)
            if (part[i].High - part[i].Low > part[widest].High - part[widest].Low)
                widest = i;
        Interval side = part[widest];
        double cut =
            side.IsBounded ? side.Low / 2 + side.High / 2 :
            double.IsFinite(side.Low) ? Math.Max(1, side.Low + Math.Abs(side.Low)) :
            double.IsFinite(side.High) ? Math.Min(-1, side.High - Math.Abs(side.High)) : 0;
        if (!(cut > side.Low && cut < side.High) || Math.Abs(cut) > 1e12 || side.IsBounded && side.High - side.Low < 1e-9 * Math.Max(1, Math.Abs(side.High)))
            return (null, null);
        Interval[] low = [.. part], high = [.. part];
        (low[widest], high[widest]) = (new(side.Low, cut), new(cut, side.High));
        return (low, high);
    }
}
