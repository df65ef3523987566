using FastGrad.Kernels.Philox;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Kernels.Tests.Philox;

public class PhiloxStreamTests
{
    private static readonly PhiloxStream s_stream = new(Seed: 7, Stream: 3);

    [Fact]
    public void Words_follow_the_blocks()
    {
        for (ulong i = 0; i < 20; i++)
        {
            PhiloxBlock block = Philox4x32.Block(7, 3, i / 4);
            uint[] words = [block.W0, block.W1, block.W2, block.W3];
            Assert.Equal(words[i % 4], s_stream.UInt32(i));
            Assert.Equal(words[i % 4] / 256 / 16777216f, s_stream.UniformSingle(i));
            Assert.Equal(s_stream.UInt32(2 * i) | (ulong)s_stream.UInt32(2 * i + 1) << 32, s_stream.UInt64(i));
            Assert.Equal((s_stream.UInt64(i) >> 11) / 9007199254740992.0, s_stream.UniformDouble(i));
        }
    }

    /// <summary>Vectors of blocks against single words, across the carry from the low into the high half of the counter.</summary>
    [Fact]
    public void Fills_follow_the_words_everywhere()
    {
        var stream = new PhiloxStream(0x8000_0001_FFFF_FFFF, 0xFFFF_FFFF_0000_0001);
        foreach (ulong offset in (ulong[])[0, 1, 6, (1UL << 34) - 70, ulong.MaxValue - 400])
        {
            float[] singles = new float[301];
            double[] doubles = new double[301];
            stream.FillUniform<float>(singles, 0, 1, offset);
            stream.FillUniform<double>(doubles, 0, 1, offset / 2);
            for (int j = 0; j < 301; j++)
            {
                Assert.Equal(stream.UniformSingle(offset + (ulong)j), singles[j]);
                Assert.Equal(stream.UniformDouble(offset / 2 + (ulong)j), doubles[j]);
            }
        }
    }

    [Property]
    public void Filling_is_the_same_from_any_offset(byte start, byte length)
    {
        float[] whole = new float[512], part = new float[length];
        s_stream.FillUniform<float>(whole, -2, 3);
        s_stream.FillUniform<float>(part, -2, 3, start);
        Assert.Equal(whole.AsSpan(start, length).ToArray(), part);
        double[] wholeDouble = new double[512], partDouble = new double[length];
        s_stream.FillUniform<double>(wholeDouble, -2, 3);
        s_stream.FillUniform<double>(partDouble, -2, 3, start);
        Assert.Equal(wholeDouble.AsSpan(start, length).ToArray(), partDouble);
    }

    [Fact]
    public void Uniform_numbers_are_the_stated_formula_and_stay_below_high()
    {
        float[] values = new float[100_000];
        s_stream.FillUniform<float>(values, 1, 1.0000002f);   // two values only, so rounding up to high is common
        Assert.All(values, v => Assert.True(v is >= 1 and < 1.0000002f));
        s_stream.FillUniform<float>(values, -1, 2);
        for (int i = 0; i < 1000; i++)
            Assert.Equal(-1 + 3 * s_stream.UniformSingle((ulong)i), values[i]);
    }

    /// <summary>Mean ½ and variance 1/12 within five standard errors, and 16 bins by χ² (15 degrees: 44.3 has p = 1e-4).</summary>
    [Fact]
    public void Uniform_numbers_are_uniform()
    {
        const int n = 200_000;
        double[] values = new double[n];
        s_stream.FillUniform<double>(values, 0, 1);
        double mean = values.Average();
        Assert.InRange(mean, 0.5 - 5 / Math.Sqrt(12.0 * n), 0.5 + 5 / Math.Sqrt(12.0 * n));
        double chi2 = values.GroupBy(v => (int)(v * 16)).Sum(g => Math.Pow(g.Count() - n / 16.0, 2) / (n / 16.0));
        Assert.InRange(chi2, 2, 44.3);
    }

    [Fact]
    public void Streams_and_seeds_differ()
    {
        float[] Draw(ulong seed, ulong stream)
        {
            float[] values = new float[64];
            new PhiloxStream(seed, stream).FillUniform<float>(values, 0, 1);
            return values;
        }
        float[][] draws = [Draw(1, 0), Draw(0, 1), Draw(0, 0), Draw(1, 1), Draw(1UL << 32, 0), Draw(0, 1UL << 32)];
        Assert.Equal(64 * draws.Length, draws.SelectMany(d => d).Distinct().Count());
    }

    [Fact]
    public void Bad_bounds_are_refused()
    {
        float[] one = new float[1];
        Assert.Throws<ArgumentException>("low", () => s_stream.FillUniform<float>(one, 1, 1));
        Assert.Throws<ArgumentException>("low", () => s_stream.FillUniform<float>(one, float.MinValue, float.MaxValue));
        Assert.Throws<ArgumentException>("low", () => s_stream.FillUniform<float>(one, float.NaN, 1));
    }
}
