namespace FastGrad.Benchmarks;

/// <summary><c>elem.*</c>.</summary>
public class ElementwiseSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "elem.";
}
