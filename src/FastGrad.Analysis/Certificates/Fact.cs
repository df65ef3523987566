using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Certificates;

/// <summary>What is known of one part of a formula, or of every element of one tensor of a graph, as a function of the variables.</summary>
/// <param name="Bend">How it curves.</param>
/// <param name="Range">Where its values lie.</param>
internal readonly record struct Fact(Bend Bend, Interval Range)
{
    /// <summary>Whether it does not depend on the variables.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Whether it is positive and its logarithm is convex, such as e to a convex power. Sums and products keep this.</summary>
    public bool IsLogConvex { get; init; }

    /// <summary>Whether it is not negative and its square root is convex, such as the square of an affine function. Sums keep this (Minkowski).</summary>
    public bool IsRootConvex { get; init; }

    public bool IsAffine => Bend == Bend.Affine;

    public bool IsConvex => (Bend & Bend.Convex) != 0;

    public bool IsConcave => (Bend & Bend.Concave) != 0;

    public static Fact Constant(Interval range) => new(Bend.Affine, range) { IsConstant = true, IsLogConvex = range.Low >= 0, IsRootConvex = range.Low >= 0 };

    public static Fact Variable(Interval range) => new(Bend.Affine, range);

    /// <summary>Nothing but where its values lie.</summary>
    public static Fact Unknown(Interval range) => new(Bend.Unknown, range);
}
