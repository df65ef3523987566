using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.Philox;

/// <summary>Consecutive blocks of a stream, several at a time where AVX2 exists. The words are those of <see cref="Philox4x32"/>.</summary>
internal static class PhiloxWords
{
    /// <summary>Fills with the words of blocks <paramref name="block"/>, <paramref name="block"/> + 1, …; the length is a multiple of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(PhiloxStream stream, ulong block, Span<uint> words)
    {
        int done = 0;
        if (Avx2.IsSupported)
        {
            // Four vectors of two blocks each are independent: they hide the latency of the multiplications.
            for (; done + 32 <= words.Length; done += 32, block += 8)
            {
                Vector256<ulong> a = Vector256.Create(block, stream.Stream, block + 1, stream.Stream);
                Vector256<ulong> b = Vector256.Create(block + 2, stream.Stream, block + 3, stream.Stream);
                Vector256<ulong> c = Vector256.Create(block + 4, stream.Stream, block + 5, stream.Stream);
                Vector256<ulong> d = Vector256.Create(block + 6, stream.Stream, block + 7, stream.Stream);
                uint k0 = (uint)stream.Seed, k1 = (uint)(stream.Seed >> 32);
                for (int round = 0; round < Philox4x32.Rounds; round++)
                {
                    Vector256<ulong> key = Vector256.Create(k0, k1, k0, (ulong)k1);
                    a = Round(a, key);
                    b = Round(b, key);
                    c = Round(c, key);
                    d = Round(d, key);
                    k0 += Philox4x32.Weyl0;
                    k1 += Philox4x32.Weyl1;
                }
                a.AsUInt32().CopyTo(words[done..]);
                b.AsUInt32().CopyTo(words[(done + 8)..]);
                c.AsUInt32().CopyTo(words[(done + 16)..]);
                d.AsUInt32().CopyTo(words[(done + 24)..]);
            }
        }
        for (; done < words.Length; done += 4, block++)
        {
            PhiloxBlock four = Philox4x32.Block(stream.Seed, stream.Stream, block);
            words[done] = four.W0;
            words[done + 1] = four.W1;
            words[done + 2] = four.W2;
            words[done + 3] = four.W3;
        }
    }

    /// <summary>
    /// One round on blocks (c0, c1, c2, c3), taken as 64-bit lanes c0 + 2³²·c1 and c2 + 2³²·c3. The products of c0 and c2 with their
    /// multipliers, their four words reversed, give (hi₁, lo₁, hi₀, lo₀); c1 and c3 and the key enter by exclusive or.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Round(Vector256<ulong> c, Vector256<ulong> key)
    {
        Vector256<uint> multipliers = Vector256.Create(Philox4x32.Multiplier0, (ulong)Philox4x32.Multiplier1, Philox4x32.Multiplier0, Philox4x32.Multiplier1).AsUInt32();
        Vector256<ulong> products = Avx2.Multiply(c.AsUInt32(), multipliers);
        const byte reversed = 0b00_01_10_11;
        return Avx2.Shuffle(products.AsUInt32(), reversed).AsUInt64() ^ (c >> 32) ^ key;
    }
}
