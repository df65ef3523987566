namespace FastGrad.Benchmarks;

/// <summary><c>dispatch.*</c>.</summary>
public class DispatchSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "dispatch.";
}
