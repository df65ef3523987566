namespace FastGrad.Analysis.Certificates;

/// <summary>How a function curves. An affine one is convex and concave.</summary>
[Flags]
public enum Bend
{
    /// <summary>Nothing is known.</summary>
    Unknown = 0,

    /// <summary>f(λx + (1 − λ)y) ≤ λf(x) + (1 − λ)f(y).</summary>
    Convex = 1,

    /// <summary>−f is convex.</summary>
    Concave = 2,

    /// <summary>Both.</summary>
    Affine = Convex | Concave,
}

/// <summary>Which way a function of one argument goes.</summary>
[Flags]
internal enum Lean
{
    Unknown = 0,
    Rising = 1,
    Falling = 2,
}

/// <summary>What turns with the sign.</summary>
internal static class Bends
{
    /// <summary>Of −f.</summary>
    public static Bend Negated(this Bend bend) => bend switch
    {
        Bend.Convex => Bend.Concave,
        Bend.Concave => Bend.Convex,
        _ => bend,
    };
}
