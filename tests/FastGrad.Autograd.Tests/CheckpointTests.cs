namespace FastGrad.Autograd.Tests;

/// <summary>Segments that are computed again: the same bits, one second run, less memory.</summary>
public sealed class CheckpointTests
{
    private const int Layers = 200;
    private const int Width = 16;
    private const int Rows = 64;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(Layers)]
    public void ADeepNetworkHasTheSameBitsAndOneRecomputationALayer(int segments)
    {
        Network plain = new(), checkpointed = new();
        Tensor<double> expected = plain.Loss(0), actual = checkpointed.Loss(segments);
        Assert.Equal(expected.Item(), actual.Item());
        expected.Backward();
        actual.Backward();
        for (int i = 0; i < Layers; i++)
        {
            Assert.Equal(plain.Weights[i].Grad!.ToArray(), checkpointed.Weights[i].Grad!.ToArray());
            Assert.InRange(checkpointed.Calls[i], segments == 0 ? 1 : 2, segments == 0 ? 1 : 2);
        }
        Assert.Equal(plain.Input.Grad!.ToArray(), checkpointed.Input.Grad!.ToArray());
        Assert.Equal(plain.RunningMeans, checkpointed.RunningMeans); // statistics moved once a layer
        Assert.Equal(plain.Draws, checkpointed.Draws);
    }

    [Fact]
    public void ScopesAndCapturesGiveTheSameBits()
    {
        Network plain = new(), scoped = new(), captured = new();
        plain.Loss(0).Backward();
        using (TensorScope scope = new())
            scoped.Loss(14).Backward();
        Program program = Capture.Record<double>(() =>
        {
            Tensor<double> loss = captured.Loss(14);
            loss.Backward();
            return [loss];
        });
        Assert.Equal(plain.Input.Grad!.ToArray(), scoped.Input.Grad!.ToArray());
        Assert.Equal(plain.Input.Grad!.ToArray(), captured.Input.Grad!.ToArray());
        captured.Input.Grad!.AsSpan().Clear();
        foreach (Tensor<double> weight in captured.Weights)
            weight.Grad!.AsSpan().Clear();
        program.Run();
        Assert.Equal(plain.Input.Grad!.ToArray(), captured.Input.Grad!.ToArray());
        Assert.Equal(plain.Weights[7].Grad!.ToArray(), captured.Weights[7].Grad!.ToArray());
    }

    /// <summary>What is computed again equals what was computed before: sharing the two would keep what the checkpoint gives up.</summary>
    [Fact]
    public void AProgramWithAllPassesKeepsWhatACheckpointSaves()
    {
        const int Depth = 16;
        Program plain = Record(0), checkpointed = Record(4);
        int products = Products(plain);
        Assert.True(checkpointed.PeakBytes * 3 < plain.PeakBytes * 2, $"{checkpointed.PeakBytes} of {plain.PeakBytes} bytes");
        // Each segment's last activation is its output; what leads to it is computed again.
        Assert.InRange(Products(checkpointed), products + Depth - 4, products + Depth);

        static Program Record(int segments)
        {
            Func<Tensor<double>, Tensor<double>>[] layers = [.. Enumerable.Range(1, Depth).Select(Layer)];
            Tensor<double> x = Tensor.Full([Rows, Width], 0.25);
            return Capture.Prepare<double>(() =>
            {
                Tensor<double> loss = (segments == 0 ? layers.Aggregate(x, (t, layer) => layer(t)) : Transforms.Checkpoint<double>(layers, segments)(x)).Square().Mean();
                loss.Backward();
                return [loss];
            });
        }

        static Func<Tensor<double>, Tensor<double>> Layer(int seed)
        {
            Tensor<double> weight = Tensor.From<double>([.. Enumerable.Range(0, Width * Width).Select(i => Math.Sin(i * seed))], [Width, Width]);
            weight.RequiresGrad = true;
            return x => x.MatMul(weight).Tanh();
        }

        static int Products(Program program) => program.ToString().Split('\n').Count(line => line.Contains("= matmul", StringComparison.Ordinal));
    }

    [Fact]
    public void ActivationMemoryFallsBelowAFifth()
    {
        int plain = Held(new(), 0), checkpointed = Held(new(), 14);
        Assert.True(checkpointed * 5 < plain, $"{checkpointed} of {plain} activations are held between forward and backward.");
        long planned = Peak(new(), 14), full = Peak(new(), 0);
        Assert.True(planned * 5 < full, $"The program's memory is {planned} of {full} bytes.");

        static int Held(Network network, int segments)
        {
            Tensor<double> loss = network.Loss(segments);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            int held = network.Activations.Count(activation => activation.IsAlive);
            GC.KeepAlive(loss);
            return held;
        }

        static long Peak(Network network, int segments) => Capture.Record<double>(() =>
        {
            Tensor<double> loss = network.Loss(segments);
            loss.Backward();
            return [loss];
        }).PeakBytes;
    }

    [Fact]
    public void NestedSegmentsAndOtherUsesOfTheInputKeepTheOrderOfContributions()
    {
        Assert.Equal(Gradients(f => f), Gradients(f => Transforms.Checkpoint(f)));

        static double[] Gradients(Func<Func<Tensor<double>, Tensor<double>>, Func<Tensor<double>, Tensor<double>>> wrap)
        {
            Tensor<double> w = Values(1), x = Values(2);
            w.RequiresGrad = x.RequiresGrad = true;
            Tensor<double> a = x.Sin();
            Func<Tensor<double>, Tensor<double>> inner = wrap(u => (u * w).Tanh() * u);
            Tensor<double> y = wrap(u => inner(u * a) + inner(u + w) * u)(a);
            (y * a + a.Exp() * x).Sum().Backward();
            return [.. x.Grad!.ToArray(), .. w.Grad!.ToArray()];
        }
    }

    [Fact]
    public void GradientsOfGradientsGoThroughASegment()
    {
        Tensor<double> x = Tensor.From(0.3, -0.8, 1.1);
        x.RequiresGrad = true;
        Transforms.Checkpoint<double>(u => u * u * u)(x).Sum().Backward(createGraph: true);
        Tensor<double> first = x.Grad!;
        x.Grad = null;
        first.Sum().Backward();
        for (int i = 0; i < 3; i++)
            Assert.Equal(6 * x[i], x.Grad![i], 1e-14);
        Assert.Equal(6 * 0.3, Transforms.Hessian<double>(v => Transforms.Checkpoint<double>(u => u * u * u)(v).Sum(), x.Detach())[0, 0], 1e-14);
    }

    [Fact]
    public void ASegmentThatAsksForOtherEffectsInItsSecondRunIsRefused()
    {
        Tensor<double> x = Values(3);
        x.RequiresGrad = true;
        int run = 0;
        Tensor<double> y = Transforms.Checkpoint<double>(u => ++run == 1 ? u * u : u * Recomputation.Once(() => 2.0))(x);
        var error = Assert.Throws<InvalidOperationException>(() => y.Sum().Backward());
        Assert.Contains("second run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEffectOfAnInnerSegmentHappensOnce()
    {
        int draws = 0;
        Tensor<double> x = Values(3);
        x.RequiresGrad = true;
        Func<Tensor<double>, Tensor<double>> inner = Transforms.Checkpoint<double>(u => u * u * Recomputation.Once(() => (double)++draws));
        Transforms.Checkpoint<double>(u => inner(u).Sin())(x).Sum().Backward();
        Assert.Equal(1, draws);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(2 * x[i] * Math.Cos(x[i] * x[i]), x.Grad![i], 1e-15);
    }

    [Fact]
    public void AnInputThatWasChangedInBetweenIsNamed()
    {
        Tensor<double> x = Values(3), w = Values(4);
        w.RequiresGrad = true;
        Tensor<double> y = Transforms.Checkpoint<double>(u => u * w)(x);
        x.AsSpan()[0] = 5;
        Assert.Contains("checkpoint", Assert.Throws<InvalidOperationException>(() => y.Sum().Backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsRecordedForConstants()
    {
        Tensor<double> x = Values(5);
        Assert.False(Transforms.Checkpoint<double>(u => u * u)(x).RequiresGrad);
        Assert.Throws<ArgumentOutOfRangeException>(() => Transforms.Checkpoint<double>([u => u], 2));
    }

    private static Tensor<double> Values(int seed) => Tensor.From<double>([.. Enumerable.Range(0, 6).Select(i => Math.Sin(seed * 7 + i))]);

    /// <summary>Linear maps with tanh, a random mask and running means: what a segment must not do twice.</summary>
    private sealed class Network
    {
        private int _draws;

        public Network()
        {
            Input = Tensor.From<double>([.. Enumerable.Range(0, Rows * Width).Select(i => Math.Sin(i))], [Rows, Width]);
            Input.RequiresGrad = true;
            for (int l = 0; l < Layers; l++)
            {
                Weights.Add(Tensor.From<double>([.. Enumerable.Range(0, Width * Width).Select(i => Math.Sin(i + 31 * l) / 3)], [Width, Width]));
                Weights[l].RequiresGrad = true;
            }
        }

        public Tensor<double> Input { get; }

        public List<Tensor<double>> Weights { get; } = [];

        public int[] Calls { get; } = new int[Layers];

        public double[] RunningMeans { get; } = new double[Layers];

        public int Draws => _draws;

        public List<WeakReference> Activations { get; } = [];

        public Tensor<double> Loss(int segments)
        {
            Func<Tensor<double>, Tensor<double>>[] chain = [.. Enumerable.Range(0, Layers).Select(l => (Func<Tensor<double>, Tensor<double>>)(x => Layer(l, x)))];
            return segments == 0
                ? chain.Aggregate(Input, (x, layer) => layer(x)).Sum()
                : Transforms.Checkpoint(chain, segments)(Input).Sum();
        }

        private Tensor<double> Layer(int l, Tensor<double> x)
        {
            Calls[l]++;
            int draw = Recomputation.Once(() => ++_draws);
            Tensor<double> mask = Tensor.From<double>([.. Enumerable.Range(0, Width).Select(i => (draw * 5 + i) % 4 == 0 ? 0 : 1.25)]);
            Recomputation.Once(() => { RunningMeans[l] = 0.9 * RunningMeans[l] + 0.1 * draw; });
            Tensor<double> hidden = x.Linear(Weights[l]).Tanh(), y = hidden * mask + x * 0.5;
            Activations.AddRange([new(hidden), new(y)]);
            return y;
        }
    }
}
