using FastGrad.Kernels.Philox;

namespace FastGrad.Data;

/// <summary>
/// Random orders of rows, each a function of (seed, purpose, index, length). A seed is shared by initialisation, split and
/// shuffling, so each purpose draws from streams of its own: the purpose is the stream's top byte.
/// </summary>
internal static class SeededOrder
{
    /// <summary>Which rows of class <c>index</c> are held out.</summary>
    public const byte SplitPurpose = 0xD0;

    /// <summary>The order of rows in epoch <c>index</c>.</summary>
    public const byte ShufflePurpose = 0xD1;

    /// <summary>Fills with a permutation of 0 … n − 1.</summary>
    public static void Fill(Span<int> order, ulong seed, byte purpose, ulong index) =>
        Stream(seed, purpose, index).Permutation(order);

    /// <summary>The random numbers of a purpose.</summary>
    public static PhiloxStream Stream(ulong seed, byte purpose, ulong index) => new(seed, ((ulong)purpose << 56) | index);
}
