using System.Numerics;

namespace FastGrad.Analysis.Tests;

/// <summary>The reference numbers, against printed digits and against identities.</summary>
public sealed class PreciseTests
{
    // As printed in tables of constants.
    public static TheoryData<string, double, string> Digits => new()
    {
        { "exp", 1, "2.718281828459045235360287471352662497757" },
        { "log", 2, "0.693147180559945309417232121458176568076" },
        { "log", 10, "2.302585092994045684017991454684364207601" },
        { "sin", 1, "0.841470984807896506652502321630298999623" },
        { "cos", 1, "0.540302305868139717400936607442976603733" },
        { "tanh", 1, "0.761594155955764888119458282604793590413" },
        { "erf", 1, "0.842700792949714869341220635082609259296" },
        { "erfc", 1, "0.157299207050285130658779364917390740704" },
    };

    [Theory]
    [MemberData(nameof(Digits))]
    public void ConstantsHaveTheirDigits(string function, double x, string digits) =>
        Assert.InRange(Math.Abs((Of(function, x) - Parse(digits)).High), 0, 1e-29);

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.7)]
    [InlineData(-2.4)]
    [InlineData(3.9)]
    [InlineData(-20.5)]
    [InlineData(1e-9)]
    public void FunctionsMeetTheirIdentities(double x)
    {
        Precise e = PreciseFunctions.Exp(x);
        Near(1, e * PreciseFunctions.Exp(-x));
        Near(x, PreciseFunctions.Log(e), 1);
        Near(e - 1, PreciseFunctions.Expm1(x), 1 + Math.Abs(e.High));
        Near(x, PreciseFunctions.Log1p(PreciseFunctions.Expm1(x)), 10 / e.High + Math.Abs(x) * 0.1); // eˣ − 1 near −1 has few digits of x
        Precise s = PreciseFunctions.Sin(x), c = PreciseFunctions.Cos(x), t = PreciseFunctions.Tanh(x);
        Near(1, s * s + c * c);
        Near(PreciseFunctions.Sin((Precise)x * 2), s * c * 2, 1);
        Near(PreciseFunctions.Tanh((Precise)x * 2), t * 2 / (t * t + 1));
        Near(1, PreciseFunctions.Erf(x) + PreciseFunctions.Erfc(x), 2);
        Near(t, PreciseFunctions.Sigmoid((Precise)x * 2) * 2 - 1, 1);
        Near(x, Precise.Sqrt((Precise)x * x) * Math.Sign(x));
    }

    [Fact]
    public void SeriesAndFractionOfErfcMeet()
    {
        // The series serves below 2, the continued fraction beyond: just above 2 both must give the same.
        Precise series = (Precise)1 - PreciseFunctions.Erf(2.0625);
        Near(series, PreciseFunctions.Erfc(2.0625), 1);
        Near(PreciseFunctions.Erfcx(2.0625), PreciseFunctions.Exp((Precise)2.0625 * 2.0625) * series, 60);
    }

    [Fact]
    public void UlpsCountFromTheExactNumber()
    {
        Precise third = (Precise)1 / 3;
        Assert.InRange(third.UlpsFrom(1.0 / 3), 0.3, 0.34); // 1/3 lies a third of an ulp above its double
        Assert.InRange(third.UlpsFrom(Math.BitIncrement(1.0 / 3)), 0.66, 0.67);
        Assert.InRange(third.UlpsFrom(1f / 3), 0.3, 0.34);
        Assert.True(double.IsNaN(third.UlpsFrom(double.NaN)));
    }

    private static Precise Of(string function, double x) => function switch
    {
        "exp" => PreciseFunctions.Exp(x),
        "log" => PreciseFunctions.Log(x),
        "sin" => PreciseFunctions.Sin(x),
        "cos" => PreciseFunctions.Cos(x),
        "tanh" => PreciseFunctions.Tanh(x),
        "erf" => PreciseFunctions.Erf(x),
        _ => PreciseFunctions.Erfc(x),
    };

    private static void Near(Precise expected, Precise actual, double scale = 0)
    {
        double error = Math.Abs((expected - actual).High) / Math.Max(Math.Abs(expected.High), scale);
        Assert.True(error < 1e-27, $"{expected} against {actual}: {error:E2}");
    }

    // Through integers, so that no rounding of the parser's enters.
    private static Precise Parse(string digits)
    {
        int point = digits.IndexOf('.');
        BigInteger scaled = BigInteger.Parse(digits.Remove(point, 1)) << 120, unit = BigInteger.Pow(10, digits.Length - point - 1);
        BigInteger number = scaled / unit; // ·2¹²⁰
        double high = (double)(number >> 60) * Math.ScaleB(1, -60);
        BigInteger rest = number - (new BigInteger(Math.ScaleB(high, 60)) << 60);
        return (Precise)high + (double)rest * Math.ScaleB(1, -120);
    }
}
