namespace FastGrad.Benchmarks;

/// <summary><c>train.*</c>.</summary>
public class TrainingSuite : WorkloadSuite
{
    /// <inheritdoc/>
    protected override string Prefix => "train.";
}
