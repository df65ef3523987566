using System.Numerics;
using FastGrad.Kernels.Functions;
using Xunit;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Where the formats end: zeros, infinities and NaN stated for every function, denormal arguments, the last number before overflow.</summary>
public sealed class LimitTests
{
    public static IEnumerable<object[]> Names => Catalogue.Names;

    /// <summary>Every row states what its function does with +0, ±∞ and NaN; <see cref="FunctionTests.EdgesAreExact"/> holds it to that.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void EveryRowStatesItsLimits(string name)
    {
        Row row = Catalogue.Get(name);
        bool domainStartsAt1 = name == "acosh";
        foreach (double x in new[] { domainStartsAt1 ? 1 : 0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN })
            Assert.Contains(row.Edges, edge => BitConverter.DoubleToInt64Bits(edge.X) == BitConverter.DoubleToInt64Bits(x));
    }

    /// <summary>Denormal arguments of both signs against the 256-bit reference; outside the domain, NaN.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void DenormalArguments(string name)
    {
        Row row = Catalogue.Get(name);
        Denormals(row, float.Epsilon, 1.17549435E-38f, row.Bound.Float);
        Denormals(row, double.Epsilon, 2.2250738585072014E-308, row.Bound.Double);
    }

    /// <summary>The neighbourhood of the argument where the exact value passes the largest number: finite and right before it, infinite from it on.</summary>
    [Theory]
    [InlineData("exp", 80, 100, 700, 720)]
    [InlineData("expm1", 80, 100, 700, 720)]
    [InlineData("exp2", 120, 130, 1000, 1030)]
    [InlineData("sinh", 80, 100, 700, 720)]
    [InlineData("cosh", 80, 100, 700, 720)]
    [InlineData("squared_relu", 1e19, 1e20, 1e154, 1e155)]
    [InlineData("loggamma", 1e36, 1e37, 1e305, 1e306)]
    public void OverflowComesWhereItIsDue(string name, float singleLow, float singleHigh, double low, double high)
    {
        Row row = Catalogue.Get(name);
        Overflow(row, singleLow, singleHigh, 127, 24, row.Bound.Float);
        Overflow(row, low, high, 1023, 53, row.Bound.Double);
    }

    /// <summary>Powers close to overflow, to the least normal number and to the last denormal.</summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(-1022)]
    [InlineData(-1074)]
    [InlineData(-1075)]
    public void PowersAtTheEdges(int exponent)
    {
        foreach (double x in new[] { 1.5, 3, 10, 0.1, 1.0000001, 1e300, 1e-300, 7.0 / 3, double.Epsilon })
        {
            double y = exponent / Math.Log2(x);
            for (int i = 0; i < 12; i++, y = Math.BitIncrement(y))
                Within(Ulp.Error(Pow<double>.At(x, y), BigMath.Exp(y * BigMath.Log(x))), x, y);
        }
        int single = exponent switch { 1024 => 128, -1022 => -126, -1074 => -149, _ => -150 };
        foreach (float x in new[] { 1.5f, 3, 10, 0.1f, 1.0001f, 1e30f, 1e-30f, 7f / 3, float.Epsilon })
        {
            float y = (float)(single / Math.Log2(x));
            for (int i = 0; i < 12; i++, y = MathF.BitIncrement(y))
                Within(Ulp.Error(Pow<float>.At(x, y), BigMath.Exp(y * BigMath.Log(x))), x, y);
        }

        static void Within(double error, double x, double y) => Assert.True(error <= 0.8, $"{x:R}^{y:R}: {error} ulp");
    }

    private static void Denormals<T>(Row row, T epsilon, T normal, double bound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] magnitudes = [epsilon, epsilon + epsilon, epsilon * T.CreateTruncating(3), epsilon * T.CreateTruncating(1001), T.BitDecrement(normal), normal, T.BitIncrement(normal)];
        foreach (T x in magnitudes.SelectMany(x => new[] { x, -x }))
        {
            T y = row.On<T>().Value(x);
            double argument = double.CreateTruncating(x);
            double error;
            try
            {
                error = row.Error(y, argument);
            }
            catch (ArgumentOutOfRangeException)
            {
                Assert.True(T.IsNaN(y), $"{row.Name}({x:R}) = {y:R}, outside the domain"); // the reference's own refusal
                continue;
            }
            Assert.True(error <= bound, $"{row.Name}<{typeof(T).Name}>({x:R}) = {y:R}: {error} ulp, allowed {bound}");
        }
    }

    private static void Overflow<T>(Row row, T low, T high, int exponent, int digits, double bound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BigFloat limit = ((BigFloat)1).ScaleB(exponent + 1) - ((BigFloat)1).ScaleB(exponent - digits);
        while (T.BitIncrement(low) < high)
        {
            T middle = low + (high - low) / T.CreateTruncating(2);
            if (middle <= low || middle >= high)
                break;
            if (row.Value(double.CreateTruncating(middle)) < limit)
                low = middle;
            else
                high = middle;
        }
        for (int i = 0; i < 6; i++, low = T.BitDecrement(low), high = T.BitIncrement(high))
        {
            T before = row.On<T>().Value(low), after = row.On<T>().Value(high);
            Assert.True(T.IsFinite(before) && Ulp.Error(before, row.Value(double.CreateTruncating(low))) <= bound, $"{row.Name}({low:R}) = {before:R}");
            Assert.True(T.IsPositiveInfinity(after), $"{row.Name}({high:R}) = {after:R}");
        }
    }
}
