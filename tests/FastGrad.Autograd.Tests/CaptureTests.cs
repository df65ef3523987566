using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Autograd.Tests;

/// <summary>Programs: the same bits as eager, nothing allocated, memory shared, mistakes refused.</summary>
public sealed class CaptureTests
{
    private static readonly Tensor<float> s_inputs = Values(1, 6, 4);
    private static readonly Tensor<int> s_labels = Tensor.From(0, 2, 1, 1, 0, 2);

    [Fact]
    public void ReplayedTrainingGivesTheBitsOfEagerTraining()
    {
        Network eager = new(), captured = new();
        List<float> eagerLosses = [], capturedLosses = [];
        for (int i = 0; i < 20; i++)
        {
            eagerLosses.Add(eager.Loss().Item());
            eager.Descend();
        }

        Tensor<float> loss = null!;
        Program program = Capture.Record<float>(() =>
        {
            loss = captured.Step();
            Capture.Opaque<float>("descend", captured.Descend);
            return [loss];
        });
        capturedLosses.Add(loss.Item()); // of the first run, which has happened
        for (int i = 1; i < 20; i++)
        {
            program.Run();
            capturedLosses.Add(loss.Item());
        }
        Assert.Equal(eagerLosses, capturedLosses);
        foreach ((Tensor<float> a, Tensor<float> b) in eager.Parameters.Zip(captured.Parameters))
            Assert.Equal(a.ToArray(), b.ToArray());
    }

    [Fact]
    public void AReplayReadsWhatTheInputsHoldThen()
    {
        Tensor<float> x = Values(3, 2, 4);
        Tensor<float> y = null!;
        Program program = Capture.Record<float>(() => [y = (x.Transpose() * 2f).Tanh().Sum([0])]);
        Tensor<float> other = Values(4, 2, 4);
        other.AsReadOnlySpan().CopyTo(x.AsSpan());
        program.Run();
        Assert.Equal((other.Transpose() * 2f).Tanh().Sum([0]).ToArray(), y.ToArray());
    }

    [Fact]
    public void AReplaySetsTheGradientWhateverWasSetBefore()
    {
        Tensor<float> x = Tensor.From(1f, 2f, 3f);
        x.RequiresGrad = true;
        Program program = Capture.Record<float>(() =>
        {
            x.ZeroGrad();
            Tensor<float> loss = (x * x).Sum();
            loss.Backward();
            return [loss];
        });
        foreach (Tensor<float>? set in (Tensor<float>?[])[null, Tensor.From(9f, 9f, 9f)])
        {
            x.Grad = set;
            program.Run();
            Assert.Equal([2f, 4f, 6f], x.Grad!.ToArray());
        }
    }

    [Fact]
    public void APassOutsideDoesNotReadAProgramsMemory()
    {
        Tensor<float> x = Tensor.From(1f, 2f, 3f), w = Tensor.From(2f);
        x.RequiresGrad = w.RequiresGrad = true;
        Tensor<float> sum = null!;
        Program program = Capture.Record<float>(() =>
        {
            Tensor<float> copy = x * 1f;
            return [sum = (copy * copy).Sum()];
        });
        Assert.Equal(14f, sum.Item());
        Assert.Throws<InvalidOperationException>(() => sum.Backward());

        Tensor<float> outside = sum.Detach() * w;
        x.AsSpan()[0] = 5;
        program.Run();
        Assert.Throws<InvalidOperationException>(() => outside.Backward());
    }

    [Fact]
    public void ElementsOfInputsAreNotFrozenIntoAProgram()
    {
        Tensor<float> x = Tensor.From<float>([1, 2], [1, 2]);
        Tensor<int> labels = Tensor.From(0);
        Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() => [x * x[0, 1]]));
        Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() => [x.PickLabels(labels.Clone())]));
    }

    [Fact]
    public void AReplayAllocatesNothing()
    {
        Network network = new();
        Program program = Capture.Record<float>(() => [network.Step()]);
        program.Run();
        program.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            program.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TemporariesShareMemory()
    {
        Tensor<float> x = Values(5, 1000);
        Program program = Capture.Record<float>(() =>
        {
            Tensor<float> y = x;
            for (int i = 0; i < 20; i++)
                y = y.Tanh();
            return [y];
        }, CaptureOptions.None);
        Assert.InRange(program.PeakBytes, 2 * 4000, 2 * 4096);
        Assert.InRange(program.UnplannedBytes, 20 * 4000, 20 * 4096);
        Assert.Contains("tanh", program.ToString());
    }

    [Fact]
    public void ReadingOrChangingElementsWhileRecordingIsRefused()
    {
        Tensor<float> x = Values(6, 3);
        Assert.Contains("read while a program is captured", Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() => [x * x.Sum().Item()])).Message);
        Assert.Contains("changed while a program is captured", Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() =>
        {
            x.AsSpan()[0] = 1;
            return [x * x];
        })).Message);
        Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() =>
        {
            Capture.Record<float>(() => [x * x]);
            return [x];
        }));
        Assert.False(Capture.IsRecording);
        Assert.Equal(x.ToArray(), (x * 1f).ToArray()); // recording ended in spite of the exceptions
    }

    [Property(MaxTest = 100, Replay = "(20261123,7)")]
    public Property RandomGraphsGiveTheSameBits() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        Tensor<float> x = Values(seed % 1000, 3, 4), w = Values(seed % 997 + 1, 3, 4);
        x.RequiresGrad = w.RequiresGrad = true;
        int[] choices = [.. Enumerable.Range(0, 8).Select(_ => random.Next(9))];

        Graph().Backward();
        float[] dx = x.Grad!.ToArray(), dw = w.Grad?.ToArray() ?? [];
        float value = Graph().Item();
        Tensor<float> result = null!;
        Program program = Capture.Record<float>(() =>
        {
            x.ZeroGrad();
            w.ZeroGrad();
            result = Graph();
            result.Backward();
            return [result];
        });
        x.ZeroGrad();
        w.ZeroGrad();
        program.Run();
        return result.Item().Equals(value) && x.Grad!.ToArray().SequenceEqual(dx) && (w.Grad?.ToArray() ?? []).SequenceEqual(dw);

        Tensor<float> Graph()
        {
            List<Tensor<float>> values = [x, w];
            foreach (int choice in choices)
            {
                Tensor<float> a = values[choice % values.Count], b = values[^1];
                values.Add(choice switch
                {
                    0 => a + b,
                    1 => a * b,
                    2 => a.Tanh(),
                    3 => a.Sigmoid() - b,
                    4 => a.Softmax(),
                    5 => a.MatMul(b.Transpose()).Tanh().MatMul(b),
                    6 => a / (1f + b * b),
                    7 => a + b.Sum([0]),
                    _ => TensorShapes.Concatenate(1, a.Slice(1, 2, 2), b.Slice(1, 0, 2)),
                });
            }
            return values[^1].Square().Mean() + (x * x).Mean();
        }
    });

    [Fact]
    public void ATemporaryThatLeaksOutOfTheBodyIsRefused()
    {
        Tensor<float> x = Values(6, 3), inner = null!;
        Program program = Capture.Record<float>(() => [(inner = x.Tanh()) * 2f]);
        program.Run();
        Assert.Contains("temporary of a captured program", Assert.Throws<InvalidOperationException>(() => inner.ToArray()).Message);
        Assert.Throws<InvalidOperationException>(() => inner + x);
    }

    [Fact]
    public void LogitsUsedTwiceReplayWithoutGarbage()
    {
        Tensor<float> x = Values(6, 6, 3);
        x.RequiresGrad = true;
        Program program = Capture.Record<float>(() =>
        {
            x.ZeroGrad();
            Tensor<float> loss = x.SoftmaxCrossEntropy(s_labels).Mean() + x.SoftmaxCrossEntropy(s_labels).Sum();
            loss.Backward();
            return [loss];
        });
        float[] captured = x.Grad!.ToArray();
        x.ZeroGrad();
        (x.SoftmaxCrossEntropy(s_labels).Mean() + x.SoftmaxCrossEntropy(s_labels).Sum()).Backward();
        Assert.Equal(x.Grad!.ToArray(), captured);
        program.Run();
        program.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        program.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Tensor<float> Values(int seed, params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i + seed))], shape);
    }

    private sealed class Network
    {
        private readonly Tensor<float> _w1 = Values(7, 5, 4), _b1 = Values(8, 5), _w2 = Values(9, 3, 5), _b2 = Values(10, 3);

        public Network()
        {
            foreach (Tensor<float> parameter in Parameters)
                parameter.RequiresGrad = true;
        }

        public Tensor<float>[] Parameters => [_w1, _b1, _w2, _b2];

        public Tensor<float> Step()
        {
            _w1.ZeroGrad();
            _b1.ZeroGrad();
            _w2.ZeroGrad();
            _b2.ZeroGrad();
            Tensor<float> hidden = s_inputs.Linear(_w1, _b1).Gelu();
            Tensor<float> loss = hidden.Linear(_w2, _b2).SoftmaxCrossEntropy(s_labels).Mean() + 0.01f * (_w1 * _w1).Sum();
            loss.Backward();
            return loss;
        }

        public Tensor<float> Loss() => Step();

        public void Descend()
        {
            foreach (Tensor<float> parameter in Parameters)
            {
                Span<float> w = parameter.AsSpan();
                ReadOnlySpan<float> g = parameter.Grad!.AsReadOnlySpan();
                for (int i = 0; i < w.Length; i++)
                    w[i] -= 0.1f * g[i];
            }
        }
    }
}
