namespace FastGrad.Benchmarks;

/// <summary><c>opt.*</c>.</summary>
public class OptimizerSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "opt.";
}
