using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Kernels.Philox;

/// <summary>
/// A stream of random numbers without state: element i is a pure function of (<see cref="Seed"/>, <see cref="Stream"/>, i).
/// </summary>
/// <remarks>
/// Any element can be had in any order, on any thread, on any machine, with the same bits. Streams of one seed differ in the
/// counter's high half and never meet. Different purposes take different streams, or disjoint offsets of one.
/// The views of a stream (32-bit words, floats, doubles, normals) read the same words: use each stream for one view.
/// </remarks>
/// <param name="Seed">Chooses the bijection (the Philox key).</param>
/// <param name="Stream">Chooses the stream under that seed.</param>
public readonly record struct PhiloxStream(ulong Seed, ulong Stream)
{
    /// <summary>Words drawn at once: enough for full vectors, few enough for the stack.</summary>
    private const int Chunk = 256;

    private const float Float24 = 1f / (1 << 24);
    private const double Double53 = 1.0 / (1L << 53);

    /// <summary>Word <paramref name="i"/>: uniform on 0 … 2³² − 1.</summary>
    public uint UInt32(ulong i) => Philox4x32.Block(Seed, Stream, i >> 2)[(int)(i & 3)];

    /// <summary>Pair of words <paramref name="i"/>: uniform on 0 … 2⁶⁴ − 1. Reads words 2i and 2i + 1.</summary>
    public ulong UInt64(ulong i)
    {
        PhiloxBlock block = Philox4x32.Block(Seed, Stream, i >> 1);
        return (i & 1) == 0 ? block.Low : block.High;
    }

    /// <summary>Uniform on [0, 1): the upper 24 bits of word <paramref name="i"/>, times 2⁻²⁴ (exact).</summary>
    public float UniformSingle(ulong i) => ToSingle(UInt32(i));

    /// <summary>Uniform on [0, 1): the upper 53 bits of pair <paramref name="i"/>, times 2⁻⁵³ (exact).</summary>
    public double UniformDouble(ulong i) => ToDouble(UInt64(i));

    /// <summary>
    /// Fills with uniform numbers on [<paramref name="low"/>, <paramref name="high"/>): element j is
    /// low + (high − low)·u, u the stream's <see cref="UniformSingle"/> or <see cref="UniformDouble"/> number
    /// <paramref name="offset"/> + j; where rounding reaches high, the number below it.
    /// </summary>
    /// <exception cref="ArgumentException">The bounds are not finite, not in order, or their difference overflows.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public void FillUniform<T>(Span<T> destination, T low, T high, ulong offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(low) || !T.IsFinite(high) || !(low < high) || !T.IsFinite(high - low))
            throw new ArgumentException($"A uniform range needs finite low < high with a finite difference, but was [{low}, {high}).", nameof(low));
        if (typeof(T) == typeof(float))
            Fill(MemoryMarshal.Cast<T, float>(destination), float.CreateTruncating(low), float.CreateTruncating(high), offset);
        else if (typeof(T) == typeof(double))
            Fill(MemoryMarshal.Cast<T, double>(destination), double.CreateTruncating(low), double.CreateTruncating(high), offset);
        else
            throw new NotSupportedException($"Random numbers come as float or double, not {typeof(T).Name}.");
    }

    private void Fill(Span<float> destination, float low, float high, ulong offset)
    {
        float width = high - low, last = MathF.BitDecrement(high);
        Span<uint> words = stackalloc uint[Chunk];
        for (int done = 0; done < destination.Length;)
        {
            ulong first = offset + (ulong)done;
            int skipped = (int)(first & 3);   // words of the first block before the first element
            int count = Math.Min(destination.Length - done, Chunk - skipped);
            PhiloxWords.Fill(this, first >> 2, words[..((skipped + count + 3) & ~3)]);
            ReadOnlySpan<uint> source = words.Slice(skipped, count);
            Span<float> target = destination.Slice(done, count);
            int j = 0;
            for (; Vector256.IsHardwareAccelerated && j + Vector256<uint>.Count <= count; j += Vector256<uint>.Count)
            {
                Vector256<float> u = Vector256.ConvertToSingle((Vector256.Create(source[j..]) >>> 8).AsInt32()) * Float24;
                Vector256<float> value = Vector256.Create(low) + Vector256.Create(width) * u;
                Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256.Create(high)), value, Vector256.Create(last)).CopyTo(target[j..]);
            }
            for (; j < count; j++)
            {
                float value = low + width * ToSingle(source[j]);
                target[j] = value < high ? value : last;
            }
            done += count;
        }
    }

    private void Fill(Span<double> destination, double low, double high, ulong offset)
    {
        double width = high - low, last = Math.BitDecrement(high);
        Span<uint> words = stackalloc uint[Chunk];
        for (int done = 0; done < destination.Length;)
        {
            ulong first = offset + (ulong)done;
            int skipped = (int)(first & 1);
            int count = Math.Min(destination.Length - done, Chunk / 2 - skipped);
            PhiloxWords.Fill(this, first >> 1, words[..(2 * ((skipped + count + 1) & ~1))]);
            for (int j = 0; j < count; j++)
            {
                int word = 2 * (skipped + j);
                double value = low + width * ToDouble(words[word] | (ulong)words[word + 1] << 32);
                destination[done + j] = value < high ? value : last;
            }
            done += count;
        }
    }

    internal static float ToSingle(uint word) => (word >> 8) * Float24;

    internal static double ToDouble(ulong pair) => (pair >> 11) * Double53;
}
