namespace FastGrad.Benchmarks;

/// <summary><c>attention.*</c>.</summary>
public class AttentionSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "attention.";
}
