namespace FastGrad.Kernels.Philox;

/// <summary>Random orders drawn from a <see cref="PhiloxStream"/>.</summary>
public static class PhiloxShuffle
{
    /// <summary>Fills with a random permutation of 0 … n − 1, a pure function of (seed, stream, n); all n! are equally likely
    /// as far as the 64-bit seed reaches.</summary>
    /// <remarks>
    /// Fisher and Yates from the end: position i = n − 1 … 1 swaps with a bounded draw j ≤ i. The draws read the stream's
    /// words 0, 1, 2, … in order.
    /// </remarks>
    public static void Permutation(this PhiloxStream stream, Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = i;
        stream.Shuffle(destination);
    }

    /// <summary>Puts <paramref name="items"/> into random order; see <see cref="Permutation"/>.</summary>
    public static void Shuffle<TItem>(this PhiloxStream stream, Span<TItem> items)
    {
        ulong word = 0;
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)Bounded(stream, (uint)i + 1, ref word);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Uniform on 0 … <paramref name="bound"/> − 1 without bias: the high half of word·bound, where a low half below
    /// 2³² mod bound is rejected and the next word is read (D. Lemire, ACM TOMACS 29, 2019).</summary>
    internal static uint Bounded(PhiloxStream stream, uint bound, ref ulong word)
    {
        uint rejectBelow = (0u - bound) % bound;
        ulong product;
        do
            product = (ulong)stream.UInt32(word++) * bound;
        while ((uint)product < rejectBelow);
        return (uint)(product >> 32);
    }
}
