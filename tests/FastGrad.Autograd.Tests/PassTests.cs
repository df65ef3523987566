using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Autograd.Tests;

/// <summary>Passes over captured programs: each does what it says, and none changes a bit.</summary>
public sealed class PassTests
{
    private static readonly CaptureOptions s_none = CaptureOptions.None with { KeepDumps = true };

    [Fact]
    public void DeadCodeIsLeftOut()
    {
        Tensor<float> x = Values(1, 8);
        IReadOnlyList<Tensor<float>> Body()
        {
            _ = x.Exp().Tanh();
            return [x.Sigmoid()];
        }
        Assert.Equal(3, Capture.Record<float>(Body, s_none).Count);
        Program program = Capture.Record<float>(Body, s_none with { RemoveDeadCode = true });
        PassDump dump = Assert.Single(program.Passes);
        Assert.Equal(1, program.Count);
        Assert.Contains("tanh", dump.Before);
        Assert.DoesNotContain("tanh", dump.After);
        Assert.Contains("sigmoid", dump.After);
    }

    [Fact]
    public void OpaqueActionsAndWhatTheyReadAreNotDead()
    {
        Tensor<float> x = Values(1, 8);
        float seen = 0;
        Program program = Capture.Record<float>(() =>
        {
            Tensor<float> y = x.Exp().Sum();
            Capture.Opaque("look", () => seen = y.Item(), y);
            return [y];
        });
        Assert.Equal(x.Exp().Sum().Item(), seen);
        Assert.True(program.Count >= 3);
    }

    [Fact]
    public void EqualExpressionsAreComputedOnce()
    {
        Tensor<float> x = Values(2, 6), sum = null!;
        IReadOnlyList<Tensor<float>> Body() => [sum = x.Exp() * x.Tanh() + x.Exp() * x.Tanh()];
        Assert.Equal(7, Capture.Record<float>(Body, s_none).Count);
        Program program = Capture.Record<float>(Body, s_none with { ShareCommonSubexpressions = true });
        Assert.Equal(4, program.Count);
        Assert.Equal((x.Exp() * x.Tanh() + x.Exp() * x.Tanh()).ToArray(), sum.ToArray());
    }

    [Fact]
    public void AChangeInBetweenIsNoCommonSubexpression()
    {
        Tensor<float> x = Values(2, 6), first = null!, second = null!;
        Program program = Capture.Prepare<float>(
            () =>
            {
                first = x.Exp();
                Capture.Opaque<float>("change", () => x.AsSpan().Fill(1));
                second = x.Exp() * 1f;
                return [first, second];
            });
        program.Run();
        Assert.NotEqual(first.ToArray(), second.ToArray());
        Assert.Equal(Tensor.Ones<float>([6]).Exp().ToArray(), second.ToArray());
    }

    [Fact]
    public void OperatorsWithOtherAttributesAreOtherFunctions()
    {
        Tensor<float> x = Values(2, 6), y = null!;
        Capture.Record<float>(() => [y = x * 2f + x * 3f]);
        Assert.Equal((x * 2f + x * 3f).ToArray(), y.ToArray());
    }

    [Fact]
    public void ConstantsAreFolded()
    {
        Tensor<float> x = Values(3, 6), y = null!;
        IReadOnlyList<Tensor<float>> Body() => [y = x + Tensor.Full<float>([6], 2).Exp().Sqrt()];
        Assert.Equal(3, Capture.Record<float>(Body, s_none).Count);
        Program program = Capture.Record<float>(Body, s_none with { FoldConstants = true });
        Assert.Equal(1, program.Count);
        Assert.Equal((x + Tensor.Full<float>([6], 2).Exp().Sqrt()).ToArray(), y.ToArray());
        Assert.DoesNotContain("exp", program.ToString());
    }

    [Fact]
    public void ProductsFinishTheirElements()
    {
        Tensor<float> x = Values(1, 6, 40), w = Values(2, 40, 40) * 0.1f, b = Values(3, 40), r = Values(4, 6, 40), y = null!;
        w.RequiresGrad = b.RequiresGrad = true;
        Tensor<float> f() => (x.Linear(w, b).Gelu().Linear(w, b).Relu().Linear(w) + r).Sum();
        IReadOnlyList<Tensor<float>> Body()
        {
            (w.Grad, b.Grad) = (null, null);
            y = f();
            y.Backward();
            return [y];
        }
        Body();
        (float value, float[] dw, float[] db) = (y.Item(), w.Grad!.ToArray(), b.Grad!.ToArray());
        Program plain = Capture.Record<float>(Body, s_none), program = Capture.Record<float>(Body, s_none with { FuseEpilogues = true });
        string after = Assert.Single(program.Passes).After;

        // Linear with relu, linear with + r, and backward two with relu′ and gelu′. Gelu′ reads what gelu read: that product stays.
        Assert.Equal(plain.Count - 4, program.Count);
        Assert.Equal(4, after.Split("product {").Length - 1);
        Assert.DoesNotContain("product {", program.Passes[0].Before);
        Assert.Equal(value, y.Item());
        Assert.Equal(dw, w.Grad!.ToArray());
        Assert.Equal(db, b.Grad!.ToArray());

        using NoGrad off = new();
        Program both = Capture.Record<float>(() => [y = x.Linear(w, b).Gelu() + r], s_none with { FuseEpilogues = true });
        Assert.Equal(1, both.Count);
        Assert.Equal((x.Linear(w, b).Gelu() + r).ToArray(), y.ToArray());
    }

    [Fact]
    public void ConvolutionsFinishTheirElements()
    {
        foreach ((int stride, int groups) in (ReadOnlySpan<(int, int)>)[(1, 1), (2, 1), (1, 4), (1, 8)])
        {
            Tensor<float> x = Values(1, 2, 8, 9, 11), w = Values(2, 8, 8 / groups, 3, 3) * 0.2f, b = Values(3, 8), y = null!;
            x.RequiresGrad = w.RequiresGrad = b.RequiresGrad = true;
            Tensor<float> f() => x.Tanh().Conv(w, b, new() { Stride = stride, Padding = 1, Groups = groups }).Relu().Sum();
            IReadOnlyList<Tensor<float>> Body()
            {
                (x.Grad, w.Grad, b.Grad) = (null, null, null);
                y = f();
                y.Backward();
                return [y];
            }
            Body();
            (float value, float[] dx, float[] dw) = (y.Item(), x.Grad!.ToArray(), w.Grad!.ToArray());
            Program plain = Capture.Record<float>(Body, s_none), program = Capture.Record<float>(Body, s_none with { FuseEpilogues = true });
            Assert.Contains("product {", program.ToString());
            Assert.True(program.Count < plain.Count);
            Assert.Equal(value, y.Item());
            Assert.Equal(dx, x.Grad!.ToArray());
            Assert.Equal(dw, w.Grad!.ToArray());
        }
    }

    [Fact]
    public void AnEpilogueDoesNotReadWhatComesAfterItsProduct()
    {
        Tensor<float> x = Values(1, 6, 8), w = Values(2, 8, 8), y = null!;
        Tensor<float> f()
        {
            Tensor<float> product = x.Linear(w), later = x.Exp();
            return product + later;
        }
        Program program = Capture.Record<float>(() => [y = f()], s_none with { FuseEpilogues = true });
        Assert.Equal(3, program.Count);
        Assert.Equal(f().ToArray(), y.ToArray());
        Capture.Record<float>(() => [y = (x.Linear(w) is var z ? z + z : z)], s_none with { FuseEpilogues = true });
        Assert.Equal((x.Linear(w) + x.Linear(w)).ToArray(), y.ToArray());
    }

    [Fact]
    public void AChainReusesItsOperandsMemory()
    {
        Tensor<float> x = Values(5, 1000);
        Program program = Capture.Record<float>(() => [Chain(x, 20)], s_none with { ReuseInPlace = true });
        Assert.InRange(program.PeakBytes, 4000, 4096);
        Assert.Equal(Chain(x, 20).ToArray(), Run(() => Chain(x, 20), s_none with { ReuseInPlace = true }));
    }

    [Fact]
    public void AnOperandThatIsReadLaterKeepsItsMemory()
    {
        Tensor<float> x = Values(5, 1000);
        Tensor<float> f()
        {
            Tensor<float> a = x.Tanh(), b = a.Exp();
            return b * a + b.Sum() * a;
        }
        Assert.Equal(f().ToArray(), Run(f, CaptureOptions.Default));
    }

    [Fact]
    public void ElementwiseNeighboursRunInTiles()
    {
        Tensor<float> x = Values(6, 100, 300), w = Values(7, 100, 300);
        Tensor<float> f() => ((x * w).Tanh() + x.Sigmoid() * 3f) / (1f + w * w);
        Program program = Capture.Record<float>(() => [f()], s_none with { FuseElementwise = true });
        Assert.Equal(1, program.Count);
        Assert.Contains("tiles", program.Passes[0].After);
        using ComputeContext context = new(3);
        using ComputeContext.Usage _ = context.Use();
        Assert.Equal(f().ToArray(), Run(f, CaptureOptions.Default));
    }

    [Fact]
    public void WhatIsReadElsewhereThanItIsWrittenIsNotFused()
    {
        // The second reads rows in another order, the third from another place.
        Tensor<float> x = Values(6, 128, 128);
        Tensor<float> f()
        {
            Tensor<float> y = x.Tanh();
            return y.Transpose().Exp() + y.Slice(0, 64, 64).Reshape([64 * 128]).Sigmoid().Sum() + y;
        }
        Assert.Equal(f().ToArray(), Run(f, CaptureOptions.Default));

        Tensor<float> halves()
        {
            Tensor<float> y = x.Tanh();
            return y.Slice(0, 0, 64).Reshape([64, 128]) * y.Slice(0, 64, 64).Reshape([64, 128]);
        }
        Assert.Equal(halves().ToArray(), Run(halves, CaptureOptions.Default));
    }

    [Fact]
    public void ADeepNetworkTrainsInAFifthOfItsMemory()
    {
        const int Layers = 40;
        Tensor<float>[] weights = [.. Enumerable.Range(0, Layers).Select(i => Values(i, 32, 32) * 0.2f)];
        foreach (Tensor<float> weight in weights)
            weight.RequiresGrad = true;
        Tensor<float> x = Values(99, 64, 32);
        Tensor<float> loss()
        {
            Tensor<float> h = x;
            foreach (Tensor<float> weight in weights)
                h = h.Linear(weight).Tanh();
            return h.Square().Mean();
        }
        loss().Backward();
        float[][] expected = [.. weights.Select(w => w.Grad!.ToArray())];
        Program whole = Prepare(CaptureOptions.Default);
        Program small = Prepare(CaptureOptions.Default with { MemoryBudget = whole.UnplannedBytes / 5, KeepDumps = true });
        Assert.True(small.PeakBytes <= whole.UnplannedBytes / 5, $"{small.PeakBytes} of {whole.UnplannedBytes}");
        Assert.True(small.PeakBytes < whole.PeakBytes);
        Assert.True(small.Count > whole.Count); // some are computed again
        small.Run();
        small.Run();
        Assert.Equal(expected, weights.Select(w => w.Grad!.ToArray()));
        Assert.Contains(" and from ", small.ToString()); // two lives

        Assert.Contains("at least", Assert.Throws<InvalidOperationException>(() => Prepare(CaptureOptions.Default with { MemoryBudget = 1000 })).Message);

        Program Prepare(CaptureOptions options) => Capture.Prepare<float>(
            () =>
            {
                foreach (Tensor<float> weight in weights)
                    weight.ZeroGrad();
                Tensor<float> value = loss();
                value.Backward();
                return [value];
            },
            options);
    }

    [Fact]
    public void MemoryIsKnownBeforeAnythingRuns()
    {
        Tensor<float> x = Values(3, 2000);
        bool ran = false;
        Program program = Capture.Prepare<float>(() =>
        {
            Capture.Opaque<float>("run", () => ran = true);
            return [x.Tanh().Exp()];
        });
        Assert.False(ran);
        Assert.InRange(program.PeakBytes, 8000, 8192);
        program.Run();
        Assert.True(ran);
    }

    [Fact]
    public void ARefusalNamesTheLine()
    {
        Tensor<float> x = Values(3, 2);
        string read = Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() => [x * x.Sum().Item()])).Message;
        Assert.Contains(nameof(PassTests), read);
        Assert.Contains("PassTests.cs, line", read);
        Program program = Capture.Record<float>(() => [x * x]);
        Assert.Contains("while another is captured", Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() =>
        {
            program.Run();
            return [x];
        })).Message);
    }

    [Property(MaxTest = 150, Replay = "(20261123,7)")]
    public Property RandomGraphsGiveTheSameBits() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        // Large enough for tiles in half of the cases.
        int rows = random.Next(2) == 0 ? 3 : 90, columns = rows == 3 ? 4 : 100;
        Tensor<float> x = Values(seed % 1000, rows, columns), w = Values(seed % 997 + 1, rows, columns), b = Values(5, columns), u = Values(11, columns, columns) * 0.1f;
        x.RequiresGrad = w.RequiresGrad = b.RequiresGrad = u.RequiresGrad = true;
        int[] choices = [.. Enumerable.Range(0, 10).Select(_ => random.Next(17))];
        CaptureOptions options = new()
        {
            FoldConstants = random.Next(4) > 0,
            ShareCommonSubexpressions = random.Next(4) > 0,
            RemoveDeadCode = random.Next(4) > 0,
            FuseEpilogues = random.Next(4) > 0,
            ReuseInPlace = random.Next(4) > 0,
            FuseElementwise = random.Next(4) > 0,
        };

        Tensor<float> eager = Graph();
        eager.Backward();
        float value = eager.Item();
        float[][] expected = Gradients();

        (Program program, Tensor<float> result) = Prepare(options);
        bool same = Agrees();
        if (random.Next(2) == 0)
        {
            // As little memory as can be: halve until it is refused.
            for (long budget = program.PeakBytes * 3 / 4; budget > 0; budget = budget * 3 / 4)
            {
                try
                {
                    (program, result) = Prepare(options with { MemoryBudget = budget });
                }
                catch (InvalidOperationException)
                {
                    break;
                }
            }
            same &= Agrees();
        }
        return same;

        bool Agrees()
        {
            program.Run();
            program.Run();
            return result.Item().Equals(value) && Gradients().Zip(expected).All(pair => pair.First.SequenceEqual(pair.Second));
        }

        float[][] Gradients() => [.. new[] { x, w, b, u }.Select(t => t.Grad?.ToArray() ?? [])];

        (Program, Tensor<float>) Prepare(CaptureOptions with)
        {
            Tensor<float> graph = null!;
            Program prepared = Capture.Prepare<float>(
                () =>
                {
                    x.ZeroGrad();
                    w.ZeroGrad();
                    b.ZeroGrad();
                    u.ZeroGrad();
                    graph = Graph();
                    graph.Backward();
                    return [graph];
                },
                with);
            return (prepared, graph);
        }

        Tensor<float> Graph()
        {
            List<Tensor<float>> values = [x, w];
            foreach (int choice in choices)
            {
                Tensor<float> left = values[choice % values.Count], right = values[^1];
                values.Add(choice switch
                {
                    0 => left + right,
                    1 => left * right,
                    2 => left.Tanh(),
                    3 => left.Sigmoid() - right,
                    4 => left.Softmax(),
                    5 => left.MatMul(right.Transpose()).Tanh().MatMul(right) * 0.01f,
                    6 => left / (1f + right * right),
                    7 => left + right.Sum([0]) * 0.1f,
                    8 => (left + b).Relu(),
                    9 => left * right.Mean(),
                    11 => left.Linear(u, b).Gelu(),
                    12 => left.Linear(u).Tanh() + right,
                    13 => right + left.MatMul(u),
                    14 => left.MatMul(u).Relu() * left.MatMul(u),
                    15 => left.Gelu().Linear(u).Sigmoid().Linear(u, b),
                    10 => left.Tanh() * left.Tanh() + Tensor.Full<float>(left.Shape, 0.5f).Exp(),
                    _ => TensorShapes.Concatenate(1, left.Slice(1, 2, columns - 2), right.Slice(1, 0, 2)),
                });
            }
            return values[^1].Square().Mean() + (x * x).Mean() + b.Sum();
        }
    });

    private static Tensor<float> Chain(Tensor<float> x, int length)
    {
        for (int i = 0; i < length; i++)
            x = x.Tanh();
        return x;
    }

    private static float[] Run(Func<Tensor<float>> f, CaptureOptions options)
    {
        Tensor<float> y = null!;
        Capture.Record<float>(() => [y = f()], options).Run();
        return y.ToArray();
    }

    private static Tensor<float> Values(int seed, params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i + seed))], shape);
    }
}
