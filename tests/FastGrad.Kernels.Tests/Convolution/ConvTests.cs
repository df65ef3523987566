using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Kernels.Tests.Convolution;

/// <summary>Every path of the convolution equals the reference bit for bit, and the reference an independent spelling in double.</summary>
public sealed class ConvTests : IDisposable
{
    private readonly WorkerTeam _two = new(2);

    public void Dispose() => _two.Dispose();

    public static TheoryData<string> Sets()
    {
        var sets = new TheoryData<string> { "public", "public, 2 threads", "1" };
        if (Vector128.IsHardwareAccelerated)
        {
            sets.Add("128");
            sets.Add("emulated");
        }
        if (Vector256.IsHardwareAccelerated)
            sets.Add("256");
        if (Vector512.IsHardwareAccelerated)
            sets.Add("512");
        return sets;
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Equals_the_reference_and_stays_inside_its_spans(string set)
    {
        int i = 0;
        foreach (ConvolutionShape shape in Geometries.Chosen)
        {
            Guard guard = i++ % 2 == 0 ? Guard.After : Guard.Before;
            foreach (bool again in (bool[])[false, true])
            {
                Check(set, new ConvCase<float>(shape, i), again, bias: i % 3 != 0, guard);
                Check(set, new ConvCase<double>(shape, i), !again, bias: i % 3 == 0, guard);
            }
        }
    }

    [Property(MaxTest = 60)]
    public void Equals_the_reference_for_random_shapes(PositiveInt seed)
    {
        ConvolutionShape shape = Geometries.Random(seed.Get * 7919);
        bool odd = seed.Get % 2 != 0;
        Check(odd ? "public" : "public, 2 threads", new ConvCase<float>(shape, seed.Get), odd, bias: seed.Get % 3 == 0, Guard.After);
        Check("public", new ConvCase<double>(shape, seed.Get), !odd, bias: seed.Get % 3 == 1, Guard.Before);
    }

    /// <summary>The reference against sums in double, within the bound of a chain; the fast paths have the reference's bits.</summary>
    [Property(MaxTest = 60)]
    public void The_reference_is_the_convolution(PositiveInt seed) => CheckReference(Geometries.Random(seed.Get * 104729));

    [Fact]
    public void The_reference_is_the_convolution_for_the_chosen_shapes()
    {
        foreach (ConvolutionShape shape in Geometries.Chosen)
            CheckReference(shape);
    }

    /// <summary>⟨x ⋆ w, y⟩ = ⟨x, dx(y, w)⟩ = ⟨w, dw(x, y)⟩: the gradients are the transposes.</summary>
    [Property(MaxTest = 60)]
    public void Gradients_are_adjoint(PositiveInt seed)
    {
        var p = new ConvCase<double>(Geometries.Random(seed.Get * 15485863), seed.Get);
        double[] y = new double[p.Y.Length], dx = new double[p.X.Length], dw = new double[p.W.Length];
        Conv.Forward<double>(p.Shape, p.X, p.W, y);
        Conv.InputGradient<double>(p.Shape, p.Y, p.W, dx);
        Conv.WeightGradient<double>(p.Shape, p.X, p.Y, dw);
        double forward = Dot(y, p.Y), size = y.Zip(p.Y, (a, b) => Math.Abs(a * b)).Sum() + 1;
        Assert.InRange(Dot(dx, p.X) - forward, -1e-12 * size, 1e-12 * size);
        Assert.InRange(Dot(dw, p.W) - forward, -1e-12 * size, 1e-12 * size);

        static double Dot(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();
    }

    [Fact]
    public void An_infinite_input_reaches_its_windows_alone()
    {
        // 20 columns: the depthwise weight gradient has a last block of 4, next to which the infinity lies.
        foreach (int groups in (int[])[1, 2])
        {
            ConvolutionShape shape = new(1, 2, 2, new(4, 3), new(22, 3), groups);
            var p = new ConvCase<float>(shape);
            p.X[21] = float.PositiveInfinity; // channel 0, row 0, last column
            float[] y = new float[p.Y.Length], dw = new float[p.W.Length], expected = new float[p.W.Length];
            Conv.Forward<float>(shape, p.X, p.W, y);
            Assert.Equal(groups == 1 ? 2 : 1, y.Count(v => !float.IsFinite(v)));
            Conv.WeightGradient<float>(shape, p.X, p.Y, dw);
            Assert.Equal(groups == 1 ? 2 : 1, dw.Count(v => !float.IsFinite(v)));
            ConvReference.WeightGradient<float>(shape, p.X, p.Y, expected);
            Assert.Equal(expected, dw);
        }
    }

    /// <summary>A ninth of the roundings in a row outweighs those of the transforms.</summary>
    [Fact]
    public void Winograd_is_as_accurate_as_a_chain()
    {
        ConvolutionShape shape = new(1, 64, 32, new(12, 3, 1, 1), new(14, 3, 1, 1));
        Assert.True(shape.IsWinograd);
        var p = new ConvCase<float>(shape, 3);
        (double[] y, double[] dx, double[] dw, _, _, _) = p.Expected();
        float[] actual = new float[p.Y.Length], weights = new float[p.W.Length], back = new float[p.X.Length], chained = new float[p.Y.Length];
        Conv.Forward<float>(shape, p.X, p.W, actual);
        Conv.InputGradient<float>(shape, p.Y, p.W, back);
        Conv.WeightGradient<float>(shape, p.X, p.Y, weights);
        for (int o = 0; o < 32; o++) // fewer output channels: the same numbers without Winograd
        {
            ConvolutionShape one = shape with { OutputChannels = 1 };
            Conv.Forward<float>(one, p.X, p.W.AsSpan(o * 64 * 9, 64 * 9), chained.AsSpan(o * 12 * 14, 12 * 14));
        }
        double chain = Error(chained, y), winograd = Error(actual, y);
        Assert.InRange(chain, 1e-9, 1e-5);
        Assert.InRange(winograd, 0.3 * chain, chain);
        Assert.InRange(Error(back, dx), 1e-9, chain);
        Assert.InRange(Error(weights, dw), 1e-9, chain);

        static double Error(float[] actual, double[] expected) => Math.Sqrt(actual.Zip(expected, (a, e) => (a - e) * (a - e)).Average());
    }

    /// <summary>What the shape alone decides: neither the batch nor what a team does changes the bits of an image.</summary>
    [Fact]
    public void An_image_has_the_same_bits_alone_and_in_a_batch()
    {
        ConvolutionShape three = new(3, 25, 24, new(13, 3, 1, 1), new(12, 3, 1, 1)), one = three with { Batch = 1 };
        var p = new ConvCase<float>(three, 4);
        float[] all = new float[p.Y.Length], alone = new float[p.Y.Length / 3];
        Conv.Forward<float>(three, p.X, p.W, all, workers: _two);
        Conv.Forward<float>(one, p.X.AsSpan(p.X.Length / 3, p.X.Length / 3), p.W, alone);
        Assert.Equal(alone, all.AsSpan(alone.Length, alone.Length).ToArray());
        Assert.False((three with { OutputChannels = 23 }).IsWinograd);
        Assert.False((three with { Rows = new(13, 3, 2, 1) }).IsWinograd);
        Assert.False((three with { Columns = new(13, 3) }).IsWinograd);
    }

    /// <summary>Every input's points reach its own windows alone, at all places in a tile.</summary>
    [Fact]
    public void An_infinite_input_reaches_its_windows_alone_by_Winograd()
    {
        ConvolutionShape shape = new(1, 24, 24, new(14, 3), new(14, 3));
        foreach ((int h, int v) in ((int, int)[])[(6, 6), (6, 7), (7, 6), (7, 7), (0, 13)])
        {
            var p = new ConvCase<float>(shape);
            p.X[14 * h + v] = float.PositiveInfinity;
            float[] y = new float[p.Y.Length];
            Conv.Forward<float>(shape, p.X, p.W, y);
            for (int i = 0; i < y.Length; i++)
            {
                (int row, int column) = (i % 144 / 12, i % 12);
                Assert.Equal(h - row is < 0 or > 2 || v - column is < 0 or > 2, float.IsFinite(y[i]));
            }
        }
    }

    [Fact]
    public void Bias_gradients_are_sums_over_images_and_planes()
    {
        double[] dy = [.. Enumerable.Range(0, 2 * 3 * 5).Select(i => (double)(1 << (i % 20)))], db = [1, 2, 3];
        Conv.BiasGradient<double>(2, 3, 5, dy, db, accumulate: true);
        for (int c = 0; c < 3; c++)
            Assert.Equal(c + 1 + Enumerable.Range(0, 2).Sum(n => Enumerable.Range(0, 5).Sum(i => dy[(n * 3 + c) * 5 + i])), db[c]);
        // More channels than one part has, enough elements for a team.
        float[] planes = [.. Enumerable.Range(0, 3 * 21 * 1100).Select(i => MathF.Sin(i))], alone = new float[21], shared = new float[21];
        Conv.BiasGradient<float>(3, 21, 1100, planes, alone);
        Conv.BiasGradient<float>(3, 21, 1100, planes, shared, workers: _two);
        Assert.Equal(alone, shared);
        for (int c = 0; c < 21; c++)
            Assert.Equal(Enumerable.Range(0, 3 * 1100).Sum(i => (double)planes[(i / 1100 * 21 + c) * 1100 + i % 1100]), alone[c], 1e-3);
    }

    [Fact]
    public void Steady_convolutions_allocate_nothing()
    {
        var p = new ConvCase<float>(new(2, 8, 8, new(9, 3, 2, 1), new(9, 3, 2, 1)));
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            Conv.Forward<float>(p.Shape, p.X, p.W, p.Y, workers: _two);
            Conv.InputGradient<float>(p.Shape, p.Y, p.W, p.X, workers: _two);
            Conv.WeightGradient<float>(p.Shape, p.X, p.Y, p.W, workers: _two);
        }
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        ConvolutionShape good = new(1, 2, 2, new(3, 2), new(3, 2));
        float[] x = new float[18], w = new float[16], y = new float[8];
        Conv.Forward<float>(good, x, w, y);
        Assert.Throws<ArgumentException>("x", () => Conv.Forward<float>(good, y, w, y));
        Assert.Throws<ArgumentException>("w", () => Conv.Forward<float>(good, x, x, y));
        Assert.Throws<ArgumentException>("y", () => Conv.Forward<float>(good, x, w, x));
        Assert.Throws<ArgumentException>("bias", () => Conv.Forward<float>(good, x, w, y, bias: new float[3]));
        Assert.Throws<ArgumentException>("x", () => Conv.Forward<float>(good with { OutputChannels = 1 }, x, w.AsSpan(0, 8), x.AsSpan(0, 4)));
        Assert.Throws<ArgumentException>("Groups", () => Conv.Forward<float>(good with { Groups = 3 }, x, w, y));
        Assert.Throws<ArgumentException>("Rows", () => Conv.Forward<float>(good with { Rows = new(3, 4) }, x, w, y));
        Assert.Throws<ArgumentException>("Columns", () => Conv.Forward<float>(good with { Columns = new(3, 2, 0) }, x, w, y));
        Assert.Throws<NotSupportedException>(() => Conv.Forward<Half>(good, new Half[18], new Half[16], new Half[8]));
    }

    private static void CheckReference(ConvolutionShape shape)
    {
        var p = new ConvCase<float>(shape, 5);
        Assert.Equal(ConvCase<float>.Outputs(shape.Rows), shape.Rows.Output);
        Assert.Equal(ConvCase<float>.Outputs(shape.Columns), shape.Columns.Output);
        (double[] y, double[] dx, double[] dw, double[] ySize, double[] dxSize, double[] dwSize) = p.Expected();
        float[] actual = new float[p.Y.Length];
        ConvReference.Forward<float>(shape, p.X, p.W, actual);
        Near(actual, y, ySize, "y", shape);
        actual = new float[p.X.Length];
        ConvReference.InputGradient<float>(shape, p.Y, p.W, actual);
        Near(actual, dx, dxSize, "dx", shape);
        actual = new float[p.W.Length];
        ConvReference.WeightGradient<float>(shape, p.X, p.Y, actual);
        Near(actual, dw, dwSize, "dw", shape);
    }

    private static void Near(float[] actual, double[] expected, double[] sizes, string what, ConvolutionShape shape)
    {
        // γ_K with K up to some thousand steps; a wrong term would be off by its own size.
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= 2e-4 * sizes[i], $"{what}[{i}] is {actual[i]} instead of {expected[i]} for {shape}");
    }

    private void Check<T>(string set, ConvCase<T> p, bool accumulate, bool bias, Guard guard)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] y = [.. p.Y], dx = [.. p.X], dw = [.. p.W], none = [];
        T[] outputBias = bias ? p.Bias : none, inputBias = bias ? p.InputBias : none;
        ConvReference.Forward<T>(p.Shape, p.X, p.W, y, accumulate, outputBias);
        ConvReference.InputGradient<T>(p.Shape, p.Y, p.W, dx, accumulate, inputBias);
        ConvReference.WeightGradient<T>(p.Shape, p.X, p.Y, dw, accumulate);
        using GuardedMemory<T> x = new(p.X, guard), w = new(p.W, guard), d = new(p.Y, guard), b = new(outputBias, guard), ib = new(inputBias, guard);
        using GuardedMemory<T> toY = new(p.Y, guard), toX = new(p.X, guard), toW = new(p.W, guard);
        Run(set, p.Shape, x.Span, w.Span, d.Span, toY.Span, toX.Span, toW.Span, b.Span, ib.Span, accumulate);
        Same(y, toY.Span, "y");
        Same(dx, toX.Span, "dx");
        Same(dw, toW.Span, "dw");

        void Same(T[] expected, Span<T> actual, string what)
        {
            if (MemoryMarshal.AsBytes<T>(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)))
                return;
            int i = 0;
            while (actual[i].Equals(expected[i]))
                i++;
            Assert.Fail($"{set} {what}[{i}] is {actual[i]} instead of {expected[i]}, {typeof(T).Name}, accumulate {accumulate}, bias {bias}, guard {guard}, {p.Shape}");
        }
    }

    private unsafe void Run<T>(
        string set, ConvolutionShape shape, Span<T> x, Span<T> w, Span<T> dy, Span<T> y, Span<T> dx, Span<T> dw, Span<T> bias, Span<T> inputBias, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (set.StartsWith("public", StringComparison.Ordinal))
        {
            WorkerTeam? workers = set == "public" ? null : _two;
            Conv.Forward<T>(shape, x, w, y, accumulate, bias, workers);
            Conv.InputGradient<T>(shape, dy, w, dx, accumulate, inputBias, workers);
            Conv.WeightGradient<T>(shape, x, dy, dw, accumulate, workers);
            return;
        }
        fixed (T* px = x, pw = w, pdy = dy, py = y, pdx = dx, pdw = dw, pb = bias, pib = inputBias)
        {
            ForwardWork<T> forward = new(shape, null) { X = px, W = pw, Y = py, Bias = pb, Accumulate = accumulate };
            InputGradientWork<T> input = new(shape, null) { Dy = pdy, W = pw, Dx = pdx, Bias = pib, Accumulate = accumulate };
            WeightGradientWork<T> weight = new(shape, null) { X = px, Dy = pdy, Dw = pdw, Accumulate = accumulate };
            switch (set)
            {
                case "1": Each<KernelSet1<T>>(); break;
                case "128": Each<KernelSet128<T>>(); break;
                case "emulated": Each<KernelSetEmulated<T>>(); break;
                case "256": Each<KernelSet256<T>>(); break;
                default: Each<KernelSet512<T>>(); break;
            }

            void Each<TKernels>()
                where TKernels : struct, IKernelSet<T>
            {
                forward.Run<TKernels>();
                input.Run<TKernels>();
                weight.Run<TKernels>();
            }
        }
    }
}
