namespace FastGrad.Benchmarks;

/// <summary><c>axis.*</c>.</summary>
public class AxisSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "axis.";
}
