namespace FastGrad.Benchmarks;

/// <summary><c>limits.*</c>: the machine.</summary>
public class LimitSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "limits.";
}
