namespace FastGrad.Benchmarks;

/// <summary><c>sgemm.*</c>.</summary>
public class MatrixProductSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "sgemm.";
}
