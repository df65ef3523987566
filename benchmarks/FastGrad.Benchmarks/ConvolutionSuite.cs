namespace FastGrad.Benchmarks;

/// <summary><c>conv.*</c>.</summary>
public class ConvolutionSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "conv.";
}
