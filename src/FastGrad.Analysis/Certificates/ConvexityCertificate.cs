using System.Text;

namespace FastGrad.Analysis.Certificates;

/// <summary>A verdict with what it rests on.</summary>
/// <param name="Verdict">What is certain.</param>
/// <param name="Proof">The chain of rules, each part after what it is made of; for an unknown verdict, how far the rules came.</param>
/// <param name="Counterexample">For <see cref="Verdict.NotConvex"/>: the segment that shows it.</param>
/// <param name="Variables">The verdict in each variable alone, the others held fixed anywhere.</param>
public sealed record ConvexityCertificate(
    Verdict Verdict, IReadOnlyList<ProofStep> Proof, JensenViolation? Counterexample, IReadOnlyDictionary<string, Verdict> Variables)
{
    /// <summary>The verdict, the chain of rules or the counterexample, and the verdict in each variable: one statement a line.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Verdict.Name());
        foreach (ProofStep step in Counterexample is null ? Proof : [])
            text.Append('\n').Append("  ").Append(step);
        if (Counterexample is not null)
            text.Append('\n').Append("  ").Append(Counterexample);
        foreach ((string name, Verdict alone) in Variables.Count > 1 ? Variables : new Dictionary<string, Verdict>())
            text.Append('\n').Append("  in ").Append(name).Append(" alone: ").Append(alone.Name());
        return text.ToString();
    }
}
