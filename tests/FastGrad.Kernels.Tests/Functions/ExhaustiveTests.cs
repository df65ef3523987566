using System.Runtime.InteropServices;
using Xunit;
using Xunit.Abstractions;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Opt-in: all 2³² floats through each function, and large samples of doubles; prints the largest errors for docs/numerics.md.</summary>
/// <remarks>
/// <c>FASTGRAD_EXHAUSTIVE=1 dotnet test -c Release tests/FastGrad.Kernels.Tests --filter "FullyQualifiedName~ExhaustiveTests" --logger "console;verbosity=detailed"</c>.
/// The value of the variable may name one function. Floats are compared with the double version of the same function, whose own
/// error (a few 2⁻⁵³) does not show; the doubles with <see cref="BigMath"/>.
/// </remarks>
public sealed class ExhaustiveTests(ITestOutputHelper output)
{
    private const int Chunk = 1 << 14;

    private static readonly string? s_selected = Environment.GetEnvironmentVariable("FASTGRAD_EXHAUSTIVE");

    public static IEnumerable<object[]> Names => Catalogue.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFloat(string name)
    {
        if (s_selected is null || (s_selected != "1" && s_selected != name))
            return;
        Row row = Catalogue.Get(name);
        var worst = new (double Error, float X)[Environment.ProcessorCount];
        Parallel.For(0, worst.Length, part =>
        {
            uint[] bits = new uint[Chunk];
            float[] y = new float[Chunk];
            double[] wide = new double[Chunk], exact = new double[Chunk];
            for (long start = (long)part * Chunk; start < 1L << 32; start += (long)worst.Length * Chunk)
            {
                for (int i = 0; i < Chunk; i++)
                    bits[i] = (uint)(start + i);
                ReadOnlySpan<float> x = MemoryMarshal.Cast<uint, float>(bits);
                for (int i = 0; i < Chunk; i++)
                    wide[i] = x[i];
                row.Single.Values(x, y);
                row.Double.Values(wide, exact);
                for (int i = 0; i < Chunk; i++)
                {
                    double error = Error(y[i], exact[i]);
                    if (error > worst[part].Error)
                        worst[part] = (error, x[i]);
                }
            }
        });
        (double most, float at) = worst.Max();
        output.WriteLine($"{name} float all {most:F3} ulp at {at:R}");
        Assert.True(most <= row.Bound.Float, $"{name}({at:R}): {most} ulp");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ManyDoubles(string name)
    {
        if (s_selected is null || (s_selected != "1" && s_selected != name))
            return;
        Row row = Catalogue.Get(name);
        double[] x = row.Inputs<double>(20_000), y = new double[x.Length], d = new double[x.Length];
        row.Double.Values(x, y);
        row.Double.Derivatives(x, d);
        (double Error, double X) worst = default, slope = default;
        for (int i = 0; i < x.Length; i++)
        {
            worst = Larger(worst, (Ulp.Error(y[i], row.Value(x[i])), x[i]));
            if (i % 4 != 0 || x[i] == 0 || !double.IsFinite(d[i]))
                continue;
            BigFloat exact = row.Derivative(x[i]), scale = exact.Abs() < row.Floor ? row.Floor : exact;
            slope = Larger(slope, (((d[i] - exact) / Ulp.OneUlp<double>(scale)).Abs().ToDouble(), x[i]));
        }
        output.WriteLine($"{name} double {x.Length} points {worst.Error:F3} ulp at {worst.X:R}; derivative {slope.Error:F3} ulp at {slope.X:R}");
        Assert.True(worst.Error <= row.Bound.Double);
        Assert.True(slope.Error <= row.DerivativeBound);
    }

    private static (double Error, double X) Larger((double Error, double X) a, (double Error, double X) b) => b.Error > a.Error ? b : a;

    private static double Error(float value, double exact)
    {
        if (double.IsNaN(exact))
            return float.IsNaN(value) ? 0 : double.PositiveInfinity;
        if (value == exact)
            return 0;
        if (float.IsInfinity(value))
            return Math.Abs(exact) >= 3.4028235677973366e38 && Math.Sign(exact) == Math.Sign(value) ? 0 : double.PositiveInfinity;
        int exponent = Math.Max((int)(BitConverter.DoubleToInt64Bits(exact) >>> 52 & 0x7FF) - 1023 - 23, -149);
        return Math.Abs(value - exact) * BitConverter.Int64BitsToDouble((long)(1023 - exponent) << 52);
    }
}
