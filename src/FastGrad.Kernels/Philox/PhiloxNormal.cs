using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;

namespace FastGrad.Kernels.Philox;

/// <summary>Normally distributed numbers drawn from a <see cref="PhiloxStream"/>.</summary>
public static class PhiloxNormal
{
    /// <summary>Pairs computed at once: enough for full vectors, few enough for the stack.</summary>
    private const int Pairs = 64;

    /// <summary>
    /// Fills with mean + deviation·z, where z of elements 2p and 2p + 1 is √(−2 log u)·cos 2πv and √(−2 log u)·sin 2πv, with u in
    /// (0, 1] and v in [0, 1) from pair p of the stream (G. E. P. Box, M. E. Muller, Ann. Math. Statist. 29, 1958).
    /// </summary>
    /// <remarks>
    /// Computed in double for both types and rounded once, so float results are as exact as float allows. Element j is number
    /// <paramref name="offset"/> + j of the stream. For float u and v have 32 bits and |z| ≤ 6.66; for double 53 bits and |z| ≤ 8.58.
    /// </remarks>
    /// <param name="stream">The source.</param>
    /// <param name="destination">What is filled.</param>
    /// <param name="mean">The mean, finite.</param>
    /// <param name="deviation">The standard deviation, finite and not negative.</param>
    /// <param name="offset">Number of the first element in the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mean or the deviation is not as stated.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void FillNormal<T>(this PhiloxStream stream, Span<T> destination, T mean, T deviation, ulong offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(mean))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "The mean is finite.");
        if (!T.IsFinite(deviation) || deviation < T.Zero)
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "The standard deviation is finite and not negative.");
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"Random numbers come as float or double, not {typeof(T).Name}.");

        double center = double.CreateTruncating(mean), scale = double.CreateTruncating(deviation);
        Span<double> radius = stackalloc double[Pairs], angle = stackalloc double[Pairs];
        Span<double> cosine = stackalloc double[Pairs], sine = stackalloc double[Pairs];
        for (int done = 0; done < destination.Length;)
        {
            ulong first = offset + (ulong)done;
            int skipped = (int)(first & 1);   // the first half of a pair that starts before the destination
            int count = Math.Min(destination.Length - done, 2 * Pairs - skipped);
            int pairs = (skipped + count + 1) / 2;
            Draw<T>(stream, first >> 1, radius[..pairs], angle[..pairs]);
            Unary.Apply(default(Log<double>), radius[..pairs], radius[..pairs]);
            Unary.Apply(default(Cos<double>), angle[..pairs], cosine[..pairs]);
            Unary.Apply(default(Sin<double>), angle[..pairs], sine[..pairs]);
            for (int j = 0; j < count; j++)
            {
                int pair = (skipped + j) / 2;
                double z = Math.Sqrt(-2 * radius[pair]) * (((skipped + j) & 1) == 0 ? cosine[pair] : sine[pair]);
                destination[done + j] = T.CreateTruncating(center + scale * z);
            }
            done += count;
        }
    }

    /// <summary>u and 2πv of the pairs from <paramref name="first"/>.</summary>
    private static void Draw<T>(PhiloxStream stream, ulong first, Span<double> u, Span<double> angle)
    {
        const double bits32 = 1.0 / (1L << 32), bits53 = 1.0 / (1L << 53), turn = 2 * Math.PI;
        Span<uint> words = stackalloc uint[4 * Pairs];
        if (typeof(T) == typeof(float))
        {
            int skipped = (int)(first & 1);   // a block holds two pairs
            PhiloxWords.Fill(stream, first >> 1, words[..(2 * ((skipped + u.Length + 1) & ~1))]);
            for (int i = 0; i < u.Length; i++)
            {
                int word = 2 * (skipped + i);
                u[i] = (words[word] + 1.0) * bits32;
                angle[i] = words[word + 1] * bits32 * turn;
            }
        }
        else
        {
            PhiloxWords.Fill(stream, first, words[..(4 * u.Length)]);
            for (int i = 0; i < u.Length; i++)
            {
                ulong low = words[4 * i] | (ulong)words[4 * i + 1] << 32, high = words[4 * i + 2] | (ulong)words[4 * i + 3] << 32;
                u[i] = ((low >> 11) + 1) * bits53;
                angle[i] = (high >> 11) * bits53 * turn;
            }
        }
    }
}
