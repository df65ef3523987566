namespace FastGrad.Data;

/// <summary>How a <see cref="DataLoader{T}"/> makes batches.</summary>
public sealed record DataLoaderOptions
{
    /// <summary>The rows of a batch: 1 is stochastic, and <see cref="FullBatch"/> or any size from the rows on is one full batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The batch size that means all rows.</summary>
    public const int FullBatch = int.MaxValue;

    /// <summary>Whether each epoch has an order of its own; otherwise rows come in the table's order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The order of epoch e is a function of the seed, e and the number of rows.</summary>
    public ulong Seed { get; init; }

    /// <summary>What becomes of the rows that do not fill a batch.</summary>
    public LastBatch LastBatch { get; init; }
}
