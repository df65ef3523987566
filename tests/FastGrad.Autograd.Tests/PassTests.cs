using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Philox;

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

    /// <summary>Two masks, two axes, two directions: the same kind of primitive, not the same function.</summary>
    [Fact]
    public void PrimitivesWithOtherAttributesAreOtherFunctions()
    {
        Tensor<float> x = Values(2, 6, 8), y = null!;
        DropoutDraw first = new() { Stream = new(7, 1) }, second = new() { Stream = new(7, 2) };
        foreach (Func<Tensor<float>> f in (Func<Tensor<float>>[])
            [() => x.Dropout(0.5, first) - x.Dropout(0.5, second), () => x.Softmax(0) - x.Softmax(1), () => x.CumulativeSum(1) - x.CumulativeSum(1, reverse: true)])
        {
            Capture.Record<float>(() => [y = f()]);
            Assert.Contains(y.ToArray(), difference => difference != 0);
            Assert.Equal(f().ToArray(), y.ToArray());
        }
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
