namespace FastGrad.Benchmarks;

/// <summary><c>epilogue.*</c>.</summary>
public class EpilogueSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "epilogue.";
}
