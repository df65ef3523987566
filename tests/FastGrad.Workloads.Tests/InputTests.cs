using System.Numerics;
using FastGrad.Workloads.Measuring;
using Xunit;

namespace FastGrad.Workloads.Tests;

public class InputTests
{
    /// <summary>The sequence in unbounded integers, reduced by hand.</summary>
    [Theory]
    [InlineData(1u, -1f, 1f)]
    [InlineData(107u, 0.1f, 4f)]
    public void Uniform_is_the_stated_sequence(uint seed, float low, float high)
    {
        float[] values = Inputs.Uniform(50, seed, low, high);
        BigInteger modulus = BigInteger.Pow(2, 32), s = ((BigInteger)seed * 2654435761 + 12345) % modulus;
        foreach (float value in values)
        {
            s = (s * 1664525 + 1013904223) % modulus;
            Assert.Equal(low + (high - low) * ((double)(s / 256) / 16777216), value, 1e-6);
            Assert.InRange(value, low, high);
        }
    }

    [Fact]
    public void Labels_are_the_stated_sequence()
    {
        BigInteger modulus = BigInteger.Pow(2, 32), s = ((BigInteger)5 * 2654435761 + 777) % modulus;
        foreach (int label in Inputs.Labels(50, 5, 10))
        {
            s = (s * 1664525 + 1013904223) % modulus;
            Assert.Equal((int)(s / 256 % 10), label);
        }
    }
}
