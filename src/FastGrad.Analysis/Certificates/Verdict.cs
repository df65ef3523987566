namespace FastGrad.Analysis.Certificates;

/// <summary>What is certain of a function's convexity.</summary>
public enum Verdict
{
    /// <summary>Neither a proof nor a counterexample was found.</summary>
    Unknown,

    /// <summary>Affine: convex and concave.</summary>
    Affine,

    /// <summary>Convex wherever it is defined.</summary>
    Convex,

    /// <summary>Concave wherever it is defined.</summary>
    Concave,

    /// <summary>Convex on the box that was given; elsewhere nothing is said.</summary>
    ConvexOnBox,

    /// <summary>Concave on the box that was given; elsewhere nothing is said.</summary>
    ConcaveOnBox,

    /// <summary>Not convex: a counterexample is given.</summary>
    NotConvex,
}

/// <summary>Verdicts as words.</summary>
public static class VerdictNames
{
    /// <summary><c>convex</c>, <c>convex on a box</c>, <c>not convex</c> …</summary>
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Affine => "affine",
        Verdict.Convex => "convex",
        Verdict.Concave => "concave",
        Verdict.ConvexOnBox => "convex on a box",
        Verdict.ConcaveOnBox => "concave on a box",
        Verdict.NotConvex => "not convex",
        _ => "unknown",
    };
}
