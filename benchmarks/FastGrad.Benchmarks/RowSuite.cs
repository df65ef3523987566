namespace FastGrad.Benchmarks;

/// <summary><c>rows.*</c>.</summary>
public class RowSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "rows.";
}
