using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using Xunit;

namespace FastGrad.Kernels.Tests.Elementwise;

/// <summary>What every driver owes: all lengths and offsets, tail = body, scalars, accumulation, aliasing.</summary>
public sealed class DriverTests
{
    private const int Longest = 4 * 16 + 1;

    [Fact]
    public void Tails_have_the_bits_of_bodies()
    {
        // One element at a time on one lane is the reference for every length, offset and width.
        float[] x = Samples.Floats(200, 1), y = Samples.Floats(200, 2), z = Samples.Floats(200, 3), one = new float[200];
        float[] binary = new float[200], ternary = new float[200], unary = new float[200], reverse = new float[200], left = new float[200];
        for (int i = 0; i < 200; i++)
        {
            Unary.Apply(new Silu<float>(), x.AsSpan(i, 1), unary.AsSpan(i, 1));
            Unary.Backward(new Silu<float>(), y.AsSpan(i, 1), x.AsSpan(i, 1), reverse.AsSpan(i, 1), accumulate: false);
            Binary.Apply(new Divide<float>(), x.AsSpan(i, 1), y.AsSpan(i, 1), binary.AsSpan(i, 1));
            Binary.BackwardRight(new Divide<float>(), [], y.AsSpan(i, 1), binary.AsSpan(i, 1), z.AsSpan(i, 1), left.AsSpan(i, 1), accumulate: false);
            Ternary.Apply(new FusedMultiplyAdd<float>(), x.AsSpan(i, 1), y.AsSpan(i, 1), z.AsSpan(i, 1), ternary.AsSpan(i, 1));
        }
        for (int length = 0; length <= Longest; length++)
        {
            for (int offset = 0; offset < 5; offset++)
            {
                Span<float> result = one.AsSpan(1, length);
                ReadOnlySpan<float> a = x.AsSpan(offset, length), b = y.AsSpan(offset, length), c = z.AsSpan(offset, length);
                one.AsSpan().Fill(42);
                Unary.Apply(new Silu<float>(), a, result);
                Assert.Equal(Samples.Bits(unary.AsSpan(offset, length)), Samples.Bits(result));
                Unary.Backward(new Silu<float>(), b, a, result, accumulate: false);
                Assert.Equal(Samples.Bits(reverse.AsSpan(offset, length)), Samples.Bits(result));
                Binary.Apply(new Divide<float>(), a, b, result);
                Assert.Equal(Samples.Bits(binary.AsSpan(offset, length)), Samples.Bits(result));
                Binary.BackwardRight(new Divide<float>(), [], b, binary.AsSpan(offset, length), c, result, accumulate: false);
                Assert.Equal(Samples.Bits(left.AsSpan(offset, length)), Samples.Bits(result));
                Ternary.Apply(new FusedMultiplyAdd<float>(), a, b, c, result);
                Assert.Equal(Samples.Bits(ternary.AsSpan(offset, length)), Samples.Bits(result));
                Assert.Equal(42f, one[0]);
                Assert.Equal(42f, one[length + 1]);
            }
        }
    }

    [Fact]
    public void Scalars_are_broadcast_in_every_position()
    {
        for (int length = 0; length <= Longest; length++)
        {
            double[] full = Samples.Doubles(length, 1), z = new double[length];
            Binary.Apply(new Subtract<double>(), full, [0.5], z);
            Assert.Equal(full.Select(v => v - 0.5), z);
            Binary.Apply(new Subtract<double>(), [0.5], full, z);
            Assert.Equal(full.Select(v => 0.5 - v), z);
            Binary.Apply(new Subtract<double>(), [0.5], [2.0], z);
            Assert.Equal(full.Select(_ => -1.5), z);
            Ternary.Apply(new FusedMultiplyAdd<double>(), [3.0], full, [2.0], z);
            Assert.Equal(full.Select(v => Math.FusedMultiplyAdd(3, v, 2)), z);
            Assert.Throws<ArgumentException>(() => Binary.BackwardLeft(new Multiply<double>(), [1, 2], new double[length + 2], [], [2.0], z, accumulate: false));
        }
    }

    [Fact]
    public void Multiply_backward_reads_scalars_for_operands()
    {
        for (int length = 0; length <= Longest; length++)
        {
            double[] full = Samples.Doubles(length, 1), g = new double[length];
            Binary.BackwardLeft(new Multiply<double>(), full, [4.0], [], [2.0], g, accumulate: false);
            Assert.Equal(full.Select(_ => 8.0), g);
            Binary.BackwardRight(new Multiply<double>(), full, [4.0], [], [2.0], g, accumulate: true);
            Assert.Equal(full.Select(v => 8 + 2 * v), g);
        }
    }

    [Fact]
    public void A_scalar_may_lie_inside_the_result()
    {
        float[] z = Samples.Floats(50, 1), x = (float[])z.Clone();
        Binary.Apply(new Multiply<float>(), z, z.AsSpan(0, 1), z);
        Assert.Equal(x.Select(v => v * x[0]), z);
    }

    [Fact]
    public void Accumulation_adds_to_what_is_there()
    {
        float[] x = Samples.Floats(67, 1), dy = Samples.Floats(67, 2), start = Samples.Floats(67, 3);
        float[] written = new float[67], added = (float[])start.Clone();
        Unary.Backward(new Silu<float>(), dy, x, written, accumulate: false);
        Unary.Backward(new Silu<float>(), dy, x, added, accumulate: true);
        Assert.Equal(start.Zip(written, (s, w) => s + w), added);
    }

    [Fact]
    public void In_place_is_allowed_and_shifted_overlap_is_not()
    {
        float[] memory = Samples.Floats(80, 1), expected = memory.Select(v => v * v).ToArray();
        Unary.Apply(new Square<float>(), memory, memory);
        Assert.Equal(expected, memory);
        Binary.Apply(new Add<float>(), memory, memory, memory);
        Assert.Equal(expected.Select(v => v + v), memory);

        Assert.Equal("x", Assert.Throws<ArgumentException>(() => Unary.Apply(new Square<float>(), memory.AsSpan(0, 40), memory.AsSpan(1, 40))).ParamName);
        Assert.Equal("y", Assert.Throws<ArgumentException>(() => Binary.Apply(new Add<float>(), memory.AsSpan(3, 40), memory.AsSpan(0, 40), memory.AsSpan(3, 40))).ParamName);
        Assert.Equal("z", Assert.Throws<ArgumentException>(() => Ternary.Apply(new Lerp<float>(), [0f], [0f], memory.AsSpan(0, 40), memory.AsSpan(3, 40))).ParamName);
        Assert.Equal("dz", Assert.Throws<ArgumentException>(() => Binary.BackwardLeft(new Add<float>(), [], [], [], memory.AsSpan(0, 40), memory.AsSpan(3, 40), accumulate: false)).ParamName);
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_named()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Binary.Apply(new Add<float>(), new float[3], new float[4], new float[4]));
        Assert.Equal("x", error.ParamName);
        Assert.Contains("x has 3 elements and z has 4; expected the same number, or 1", error.Message);
        Assert.Equal("x", Assert.Throws<ArgumentException>(() => Unary.Apply(new Square<float>(), new float[3], new float[4])).ParamName);
    }
}
