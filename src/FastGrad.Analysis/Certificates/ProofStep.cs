namespace FastGrad.Analysis.Certificates;

/// <summary>One step of a proof: a part, how it bends, and why.</summary>
/// <param name="Part">The part of the formula, or the operation of the graph.</param>
/// <param name="Bend">How it bends as a function of the variables.</param>
/// <param name="Rule">The rule of composition.</param>
public sealed record ProofStep(string Part, Bend Bend, string Rule)
{
    /// <summary><c>exp(-x) is convex: exp, convex, of an affine one</c>.</summary>
    public override string ToString() => Bend == Bend.Unknown ? $"{Part}: no rule holds for {Rule}" : $"{Part} is {Rules.Word(Bend)}: {Rule}";
}
