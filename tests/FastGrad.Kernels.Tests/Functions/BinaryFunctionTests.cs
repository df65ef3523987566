using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using Xunit;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Functions of two numbers against 256 bits, at their special values, and by the driver at every length.</summary>
public sealed class BinaryFunctionTests
{
    private const double Infinity = double.PositiveInfinity, NaN = double.NaN;

    [Fact]
    public void HypotIsWithinItsBound()
    {
        Within<float>(Hypot<float>.At, (x, y) => (x * x + y * y).Sqrt(), 1, 85);
        Within<double>(Hypot<double>.At, (x, y) => (x * x + y * y).Sqrt(), 1, 700);
    }

    [Fact]
    public void Atan2IsWithinItsBound()
    {
        Within<float>(Atan2<float>.At, BigInverse.Atan2, 1.5, 40);
        Within<double>(Atan2<double>.At, BigInverse.Atan2, 1.5, 340);
    }

    [Theory]
    [InlineData(3, 4, 5)]
    [InlineData(0, 0, 0)]
    [InlineData(-0.0, 2, 2)]
    [InlineData(Infinity, NaN, Infinity)]
    [InlineData(NaN, -Infinity, Infinity)]
    [InlineData(NaN, 1, NaN)]
    [InlineData(1, NaN, NaN)]
    public void HypotsOfSpecialValues(double x, double y, double expected)
    {
        Assert.Equal(expected, Hypot<double>.At(x, y));
        Assert.Equal((float)expected, Hypot<float>.At((float)x, (float)y));
    }

    [Theory]
    [InlineData(0, 0.0, 0)]
    [InlineData(-0.0, 0.0, -0.0)]
    [InlineData(0, -0.0, Math.PI)]
    [InlineData(-0.0, -0.0, -Math.PI)]
    [InlineData(0, -1, Math.PI)]
    [InlineData(1, 0, Math.PI / 2)]
    [InlineData(-1, -0.0, -Math.PI / 2)]
    [InlineData(Infinity, Infinity, Math.PI / 4)]
    [InlineData(-Infinity, Infinity, -Math.PI / 4)]
    [InlineData(Infinity, -Infinity, 3 * Math.PI / 4)]
    [InlineData(1, Infinity, 0)]
    [InlineData(1, -Infinity, Math.PI)]
    [InlineData(Infinity, 1, Math.PI / 2)]
    [InlineData(NaN, 1, NaN)]
    [InlineData(1, NaN, NaN)]
    public void AnglesOfSpecialValues(double x, double y, double expected) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(Atan2<double>.At(x, y)));

    [Fact]
    public void EveryLengthGivesTheBitsOfOneLane()
    {
        Lengths<Pow<float>, float>(default, Pow<float>.At);
        Lengths<Pow<double>, double>(default, Pow<double>.At);
        Lengths<Atan2<float>, float>(default, Atan2<float>.At);
        Lengths<Hypot<double>, double>(default, Hypot<double>.At);
    }

    private static void Lengths<TOperator, T>(TOperator op, Func<T, T, T> lane)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int length = 0; length <= 67; length++)
        {
            T[] x = [.. Enumerable.Range(0, length).Select(i => T.CreateTruncating(((i * 37 + length) % 41) * 0.25 - 3))];
            T[] y = [.. Enumerable.Range(0, length).Select(i => T.CreateTruncating(((i * 23 + length) % 29) * 0.5 - 4))];
            T[] z = new T[length];
            Binary.Apply(op, x, y, z);
            for (int i = 0; i < length; i++)
                Assert.Equal(lane(x[i], y[i]), z[i]);
        }
    }

    // Pairs of magnitudes e^±spread, far apart and close.
    private static void Within<T>(Func<T, T, T> function, Func<BigFloat, BigFloat, BigFloat> exact, double bound, double spread)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ulong state = 11;
        for (int i = 0; i < 1500; i++)
        {
            double a = Math.Exp((Next() - 0.5) * 2 * spread), b = i % 2 == 0 ? a * Math.Exp((Next() - 0.5) * 4) : Math.Exp((Next() - 0.5) * 2 * spread);
            T x = T.CreateTruncating(i % 3 == 0 ? -a : a), y = T.CreateTruncating(i % 5 == 0 ? -b : b);
            BigFloat reference = exact(double.CreateTruncating(x), double.CreateTruncating(y));
            double error = Ulp.Error(function(x, y), reference);
            Assert.True(error <= bound, $"f({x:R}, {y:R}) = {function(x, y):R}: {error} ulp from {reference}");
        }

        double Next()
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            return (state >> 11) * (1.0 / (1ul << 53));
        }
    }
}
