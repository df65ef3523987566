namespace FastGrad.Workloads.Measuring;

/// <summary>Sizes as workload ids spell them.</summary>
public static class Sizes
{
    /// <summary>Elements of arrays: in the first cache, in the second, in memory.</summary>
    public static (string Name, int Length)[] Elements { get; } = [("1K", 1 << 10), ("64K", 1 << 16), ("16M", 1 << 24)];

    /// <summary>Parameters of a model: counted in thousands and millions.</summary>
    public static (string Name, int Length)[] Parameters { get; } = [("1K", 1000), ("1M", 1_000_000), ("25M", 25_000_000)];
}
