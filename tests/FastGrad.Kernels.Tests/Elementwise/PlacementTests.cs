using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.Elementwise;

/// <summary>
/// Every length up to four vectors and one, at every alignment of the result, with an operand that ends at an inaccessible page and one that begins
/// behind one: what is computed does not depend on where it lies, and nothing around it is read or written.
/// </summary>
public sealed class PlacementTests
{
    private const int Vector = 16, Longest = 4 * Vector + 1;
    private const float Untouched = 12345;

    private static IEnumerable<(int Length, int Shift)> Placements =>
        from length in Enumerable.Range(0, Longest + 1)
        from shift in Enumerable.Range(0, Vector)
        select (length, shift);

    private delegate void Driver(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z);

    [Fact]
    public void Unary_drivers() => Check(
        (x, _, z) => Unary.Apply(default(Square<float>), x, z),
        (x, _, z) => Unary.Apply(default(Square<float>), x, z, accumulate: true),
        (x, _, z) => Unary.Apply(default(Exp<float>), x, z),
        (x, y, z) => Unary.Backward(default(Square<float>), y, x, z, accumulate: false),
        (x, y, z) => Unary.Backward(default(Exp<float>), y, x, z, accumulate: true));

    [Fact]
    public void Binary_drivers() => Check(
        (x, y, z) => Binary.Apply(default(Divide<float>), x, y, z),
        (x, y, z) => Binary.Apply(default(Divide<float>), x, y, z, accumulate: true),
        (x, y, z) => Binary.Apply(default(Divide<float>), x, [0.7f], z),
        (x, y, z) => Binary.Apply(default(Divide<float>), [0.7f], y, z),
        (x, y, z) => Binary.BackwardLeft(default(Multiply<float>), x, y, default, y, z, accumulate: false),
        (x, y, z) => Binary.BackwardRight(default(Maximum<float>), x, y, default, [1.5f], z, accumulate: true));

    [Fact]
    public void Ternary_drivers() => Check(
        (x, y, z) => Ternary.Apply(default(Lerp<float>), x, y, [0.3f], z),
        (x, y, z) => Ternary.Apply(default(Lerp<float>), x, y, x, z),
        (x, y, z) => Ternary.BackwardThird(default(Lerp<float>), x, y, [0.3f], y, z, accumulate: true));

    [Fact]
    public void Reductions() => CheckValues(
        (x, y) => Sum.Of(x), (x, y) => Dot.Of(x, y), (x, y) => Mean.Of(x), (x, y) => Product.Of(x), (x, y) => SumOfSquares.Of(x), (x, y) => SumOfAbs.Of(x),
        (x, y) => Norm.Of(x), (x, y) => Norm.Of(x, 3), (x, y) => Max.Of(x), (x, y) => Min.Of(x), (x, y) => MaxAbs.Of(x), (x, y) => Variance.Of(x),
        (x, y) => x.IsEmpty ? 0 : ArgMax.Of(x), (x, y) => x.IsEmpty ? 0 : ArgMin.Of(x));

    [Fact]
    public void Results_past_the_caches_are_the_same()
    {
        // 32 MiB and an odd rest, from an address that no vector begins at.
        const int length = (8 << 20) + 37;
        float[] x = Samples.Floats(4096, 1), source = new float[length + 1], streamed = new float[length + 3];
        for (int i = 0; i < source.Length; i++)
            source[i] = x[i % 4096];
        Array.Fill(streamed, Untouched);
        using var team = new WorkerTeam(2);
        foreach (WorkerTeam? workers in new[] { null, team })
        {
            Unary.Apply(default(Square<float>), source.AsSpan(1), streamed.AsSpan(1, length), workers: workers);
            for (int i = 0; i < length; i++)
            {
                if (streamed[i + 1] != source[i + 1] * source[i + 1])
                    Assert.Fail($"Element {i} is {streamed[i + 1]}.");
            }
            Assert.Equal([Untouched, Untouched, Untouched], (float[])[streamed[0], streamed[^2], streamed[^1]]);
            Array.Fill(streamed, Untouched);
        }
    }

    [Fact]
    public void A_team_gives_the_same_bits()
    {
        const int length = 200_003;
        float[] x = Samples.Floats(length, 1), y = Samples.Floats(length, 2), alone = new float[length], shared = new float[length];
        using var team = new WorkerTeam(3);
        Binary.Apply(default(Divide<float>), x, y, alone);
        Binary.Apply(default(Divide<float>), x, y, shared, workers: team);
        Assert.Equal(Samples.Bits(alone), Samples.Bits(shared));
        Binary.Apply(default(Divide<float>), [0.3f], y, alone, accumulate: true);
        Binary.Apply(default(Divide<float>), [0.3f], y, shared, accumulate: true, team);
        Assert.Equal(Samples.Bits(alone), Samples.Bits(shared));
        Unary.Backward(default(Exp<float>), x, y, alone, accumulate: false);
        Unary.Backward(default(Exp<float>), x, y, shared, accumulate: false, team);
        Assert.Equal(Samples.Bits(alone), Samples.Bits(shared));
        Ternary.Apply(default(Lerp<float>), x, y, [0.25f], alone);
        Ternary.Apply(default(Lerp<float>), x, y, [0.25f], shared, team);
        Assert.Equal(Samples.Bits(alone), Samples.Bits(shared));
    }

    // Truth is the driver itself on one element at a time, where there are no vectors.
    private static void Check(params ReadOnlySpan<Driver> drivers)
    {
        using GuardedMemory<float> left = new(Samples.Floats(Longest, 1, 0.5, 2), Guard.After), right = new(Samples.Floats(Longest + Vector, 2, 0.5, 2), Guard.Before);
        using GuardedMemory<float> result = new(Longest + 2 * Vector, Guard.After);
        Span<float> expected = stackalloc float[Longest];
        foreach (Driver driver in drivers)
        {
            foreach ((int length, int shift) in Placements)
            {
                ReadOnlySpan<float> x = left.Span[^length..], y = right.Span.Slice(shift, length);
                result.Span.Fill(Untouched);
                Span<float> z = result.Span.Slice(shift, length);
                Samples.Floats(length, 3).CopyTo(z);
                z.CopyTo(expected);
                for (int i = 0; i < length; i++)
                    driver(x.Slice(i, 1), y.Slice(i, 1), expected.Slice(i, 1));
                driver(x, y, z);
                Assert.Equal(Samples.Bits(expected[..length]), Samples.Bits(z));
                Assert.False(result.Span[..shift].ContainsAnyExcept(Untouched));
                Assert.False(result.Span[(shift + length)..].ContainsAnyExcept(Untouched));
                if (shift == 0)
                {
                    Span<float> last = result.Span[^length..]; // ends at the page
                    Samples.Floats(length, 3).CopyTo(last);
                    driver(x, y, last);
                    Assert.Equal(Samples.Bits(expected[..length]), Samples.Bits(last));
                }
            }
        }
    }

    private delegate float Reduction(ReadOnlySpan<float> x, ReadOnlySpan<float> y);

    private static void CheckValues(params ReadOnlySpan<Reduction> reductions)
    {
        const int longest = 4096 + 129;
        using GuardedMemory<float> left = new(longest, Guard.After), right = new(longest + Vector, Guard.Before);
        float[] values = Samples.Floats(longest, 1), others = Samples.Floats(longest, 2);
        int[] lengths = [.. Enumerable.Range(0, Longest + 1), 127, 128, 129, 255, 256, 257, 4095, 4096, 4097, longest];
        foreach (int length in lengths)
        {
            values.AsSpan(0, length).CopyTo(left.Span[^length..]);
            for (int shift = 0; shift < Vector; shift++)
            {
                others.AsSpan(0, length).CopyTo(right.Span.Slice(shift, length));
                foreach (Reduction reduce in reductions)
                {
                    float expected = reduce(values.AsSpan(0, length), others.AsSpan(0, length));
                    Assert.Equal(expected, reduce(left.Span[^length..], right.Span.Slice(shift, length)));
                    float swapped = reduce(others.AsSpan(0, length), values.AsSpan(0, length));
                    Assert.Equal(swapped, reduce(right.Span.Slice(shift, length), left.Span[^length..]));
                }
            }
        }
    }
}
