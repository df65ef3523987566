namespace FastGrad.Analysis.Checks;

/// <summary>Derivatives that are wrong: the message has a line for each.</summary>
/// <param name="failures">What failed.</param>
public sealed class DerivativeException(IReadOnlyList<CheckFailure> failures) : Exception(string.Join('\n', failures))
{
    /// <summary>What failed.</summary>
    public IReadOnlyList<CheckFailure> Failures { get; } = failures;
}
