namespace FastGrad.Kernels.Philox;

/// <summary>
/// The Philox 4×32 generator with 10 rounds: a bijection of 128-bit counters, chosen by a 64-bit key, whose images of
/// 0, 1, 2, … pass the statistical batteries.
/// </summary>
/// <remarks>
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// Integer arithmetic only, hence the same words everywhere; the known answers of the Random123 distribution are a test.
/// </remarks>
public static class Philox4x32
{
    internal const int Rounds = 10;

    // Multipliers of the round function (paper, section 3.3) and the Weyl increments of the key schedule:
    // the fraction of the golden ratio and √3 − 1, in 32 bits.
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>The four words of counter (<paramref name="c0"/> least significant) under key (<paramref name="k0"/>, <paramref name="k1"/>).</summary>
    public static PhiloxBlock Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0;
            ulong p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return new PhiloxBlock(c0, c1, c2, c3);
    }

    /// <summary>The four words of block <paramref name="index"/> of stream <paramref name="stream"/> under <paramref name="seed"/>.</summary>
    /// <remarks>The key is the seed; the counter is the index in its low and the stream in its high 64 bits.</remarks>
    public static PhiloxBlock Block(ulong seed, ulong stream, ulong index) =>
        Block((uint)index, (uint)(index >> 32), (uint)stream, (uint)(stream >> 32), (uint)seed, (uint)(seed >> 32));
}
