namespace FastGrad.Benchmarks;

/// <summary><c>pool.*</c>.</summary>
public class PoolingSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "pool.";
}
