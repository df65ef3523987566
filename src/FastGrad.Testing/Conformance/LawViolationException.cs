namespace FastGrad.Testing.Conformance;

/// <summary>An optimizer breaks a law.</summary>
/// <param name="law">The law.</param>
/// <param name="optimizer">The optimizer's name.</param>
/// <param name="evidence">Where and by how much.</param>
public sealed class LawViolationException(string law, string optimizer, string evidence) : Exception($"{optimizer} breaks the law '{law}': {evidence}")
{
    /// <summary>The law.</summary>
    public string Law { get; } = law;
}
