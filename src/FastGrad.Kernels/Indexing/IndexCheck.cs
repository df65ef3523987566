using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.Indexing;

/// <summary>Indices lie in 0 … bound − 1: found before anything is read or written through them.</summary>
internal static class IndexCheck
{
    public static void Range(ReadOnlySpan<int> indices, int bound)
    {
        // One comparison covers negative ones too. The greatest first: a loop without a branch for each.
        uint greatest = 0;
        foreach (int index in indices)
            greatest = Math.Max(greatest, (uint)index);
        if (indices.Length > 0 && greatest >= (uint)bound)
            Throw(indices, bound);
    }

    // The numbers, not their text: a string in each call would be garbage in each step.
    public static void Length(int length, int outer, int extent, int inner, string name)
    {
        long expected = (long)outer * extent * inner;
        if (length != expected)
            throw new ArgumentException($"{name} has {length} elements; expected {expected} ({outer}·{extent}·{inner}).", name);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw(ReadOnlySpan<int> indices, int bound)
    {
        int position = 0;
        while ((uint)indices[position] < (uint)bound)
            position++;
        throw new ArgumentOutOfRangeException(
            nameof(indices), indices[position], $"Index {indices[position]} at position {position} lies outside an axis of length {bound}; expected 0 to {bound - 1}.");
    }
}
