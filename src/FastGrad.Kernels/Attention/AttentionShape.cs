namespace FastGrad.Kernels.Attention;

/// <summary>The sizes of an attention: for each of Batch·Heads, queries [Queries, Width], keys [Keys, Width], values [Keys, ValueWidth].</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Heads">Heads of each.</param>
/// <param name="Queries">Query positions.</param>
/// <param name="Keys">Key and value positions.</param>
/// <param name="Width">Elements of a query and of a key.</param>
/// <param name="ValueWidth">Elements of a value and of an output.</param>
/// <param name="Causal">Whether query i sees keys 0 … i only, both counted from 0.</param>
public readonly record struct AttentionShape(int Batch, int Heads, int Queries, int Keys, int Width, int ValueWidth, bool Causal = false)
{
    /// <summary>Queries that are handled together. It decides which masked elements of a value are multiplied by 0, so it is the same everywhere.</summary>
    internal const int RowTile = 32;

    /// <summary>Keys between two rescalings of the softmax. Part of the definition: another number gives other bits.</summary>
    internal const int KeyBlock = 512;

    /// <summary>Batch·Heads.</summary>
    internal int Sequences => Batch * Heads;

    /// <summary>Row tiles of one head.</summary>
    internal int RowTiles => (Queries + RowTile - 1) / RowTile;

    /// <summary>Multiply-adds of one of the products over scores.</summary>
    internal long Work => (long)Sequences * Queries * Keys * Math.Max(Width, ValueWidth) / (Causal ? 2 : 1);

    /// <summary>The keys that a tile of queries may see, before a limit.</summary>
    internal int Visible(int firstQuery, int queries, int limit) => Causal ? Math.Min(limit, firstQuery + queries) : limit;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Batch);
        ArgumentOutOfRangeException.ThrowIfNegative(Heads);
        ArgumentOutOfRangeException.ThrowIfNegative(Queries);
        ArgumentOutOfRangeException.ThrowIfNegative(Keys);
        ArgumentOutOfRangeException.ThrowIfNegative(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(ValueWidth);
    }
}
