using FastGrad.Kernels.Philox;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Kernels.Tests.Philox;

public class PhiloxNormalTests
{
    private static readonly PhiloxStream s_stream = new(Seed: 99, Stream: 4);

    /// <summary>The formula over the stream's words, by the platform's functions.</summary>
    [Fact]
    public void Numbers_are_the_stated_formula()
    {
        float[] singles = new float[1001];
        double[] doubles = new double[1001];
        s_stream.FillNormal<float>(singles, 2, 3);
        s_stream.FillNormal<double>(doubles, 2, 3);
        for (int i = 0; i < 1001; i++)
        {
            ulong pair = (ulong)i / 2;
            double single = Normal(i, (s_stream.UInt32(2 * pair) + 1.0) / 4294967296.0, s_stream.UInt32(2 * pair + 1) / 4294967296.0);
            double twice = Normal(i, ((s_stream.UInt64(2 * pair) >> 11) + 1.0) / 9007199254740992.0, (s_stream.UInt64(2 * pair + 1) >> 11) / 9007199254740992.0);
            Assert.Equal((float)(2 + 3 * single), singles[i], 1e-6f);
            Assert.Equal(2 + 3 * twice, doubles[i], 1e-14);
        }

        static double Normal(int i, double u, double v) =>
            Math.Sqrt(-2 * Math.Log(u)) * (i % 2 == 0 ? Math.Cos(2 * Math.PI * v) : Math.Sin(2 * Math.PI * v));
    }

    [Property]
    public void Filling_is_the_same_from_any_offset(byte start, byte length)
    {
        float[] whole = new float[512], part = new float[length];
        s_stream.FillNormal<float>(whole, 0, 1);
        s_stream.FillNormal<float>(part, 0, 1, start);
        Assert.Equal(whole.AsSpan(start, length).ToArray(), part);
        double[] wholeDouble = new double[512], partDouble = new double[length];
        s_stream.FillNormal<double>(wholeDouble, 0, 1);
        s_stream.FillNormal<double>(partDouble, 0, 1, start);
        Assert.Equal(wholeDouble.AsSpan(start, length).ToArray(), partDouble);
    }

    /// <summary>Moments within five standard errors, no correlation within a pair, and the known shares beyond 1, 2 and 3.</summary>
    [Fact]
    public void Numbers_are_normal()
    {
        const int n = 200_000;
        double[] z = new double[n];
        s_stream.FillNormal<double>(z, 0, 1);
        double root = Math.Sqrt(n);
        Assert.InRange(z.Average() * root, -5, 5);
        Assert.InRange((z.Average(x => x * x) - 1) * root / Math.Sqrt(2), -5, 5);
        Assert.InRange(z.Average(x => x * x * x) * root / Math.Sqrt(15), -5, 5);
        Assert.InRange((z.Average(x => x * x * x * x) - 3) * root / Math.Sqrt(96), -5, 5);
        Assert.InRange(Enumerable.Range(0, n / 2).Average(i => z[2 * i] * z[2 * i + 1]) * Math.Sqrt(n / 2), -5, 5);
        foreach ((double beyond, double share) in ((double, double)[])[(1, 0.31731050786291), (2, 0.04550026389636), (3, 0.00269979606326)])
            Assert.InRange((z.Count(x => Math.Abs(x) > beyond) / (double)n - share) * root / Math.Sqrt(share * (1 - share)), -5, 5);
    }

    [Fact]
    public void Bad_parameters_are_refused()
    {
        float[] one = new float[1];
        Assert.Throws<ArgumentOutOfRangeException>("mean", () => s_stream.FillNormal<float>(one, float.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>("deviation", () => s_stream.FillNormal<float>(one, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("deviation", () => s_stream.FillNormal<float>(one, 0, float.PositiveInfinity));
    }
}
