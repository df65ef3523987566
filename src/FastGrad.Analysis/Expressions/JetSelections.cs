using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Expressions;

/// <summary>The greater of two jets.</summary>
internal static class JetSelections
{
    /// <summary>One of the two where it is certain which, on the domain of both; else a kink may lie inside, and of curvature nothing is said.</summary>
    public static Jet Max(Jet x, Jet y)
    {
        if (x.Value.Low > y.Value.High)
            return x.With(y.Contact);
        if (y.Value.Low > x.Value.High)
            return y.With(x.Contact);
        Interval value = new(Math.Max(x.Value.Low, y.Value.Low), Math.Max(x.Value.High, y.Value.High));
        return new(value, [.. x.Gradient.Zip(y.Gradient, (a, b) => a.Union(b))], [.. x.Hessian.Select(_ => Interval.All)], Contact.Inside);
    }
}
