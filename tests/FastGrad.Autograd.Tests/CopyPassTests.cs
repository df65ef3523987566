namespace FastGrad.Autograd.Tests;

/// <summary>Gradients that are handed on unchanged are not copied, unless one changes while the other is read.</summary>
public sealed class CopyPassTests
{
    private static readonly CaptureOptions s_copies = CaptureOptions.None with { ShareCopies = true, KeepDumps = true };

    [Fact]
    public void AResidualConnectionCopiesNoGradient()
    {
        Tensor<float> w = Values(2, 8, 8), x = Values(1, 4, 8);
        w.RequiresGrad = x.RequiresGrad = true;
        Tensor<float> f()
        {
            Tensor<float> h = x.Tanh();
            for (int i = 0; i < 3; i++)
                h += h.Linear(w).Tanh();
            return h.Square().Sum();
        }
        Program program = SameBits(f, x, w);
        PassDump dump = Assert.Single(program.Passes);
        // Two for each of the three sums.
        Assert.Equal(6, dump.Before.Split("add'[").Length - 1);
        Assert.DoesNotContain("add'[", dump.After);
        Program plain = Program(f, CaptureOptions.None, x, w);
        Assert.Equal(plain.Count - 6, program.Count);
        Assert.True(program.UnplannedBytes < plain.UnplannedBytes);
    }

    [Fact]
    public void ADifferenceHandsOnWhatItSubtractsFrom()
    {
        Tensor<float> x = Values(1, 4, 8), w = Values(2, 4, 8);
        x.RequiresGrad = w.RequiresGrad = true;
        Program program = SameBits(() => ((x * w) - (w * x.Tanh())).Square().Sum(), x, w);
        Assert.DoesNotContain("subtract'[0]", program.ToString());
        Assert.Contains("subtract'[1]", program.ToString());
    }

    /// <summary>The gradient of one operand, or of both, is added to before that of the other is read: there one copy must stay.</summary>
    [Theory]
    [InlineData("left")]
    [InlineData("right")]
    [InlineData("both")]
    public void ACopyStaysWhereOneChangesWhileTheOtherIsRead(string changes)
    {
        Tensor<float> x = Values(1, 4, 8), w = Values(2, 4, 8);
        x.RequiresGrad = w.RequiresGrad = true;
        Tensor<float> f()
        {
            Tensor<float> a = x.Tanh(), b = w.Sigmoid();
            Tensor<float> c = changes switch { "left" => a.Exp(), "right" => b.Exp(), _ => a * b }; // walked between the sum below and the operands
            Tensor<float> d = a + b;
            return (c.Square() + d.Square()).Sum();
        }
        Program program = SameBits(f, x, w);
        Assert.Equal(1, program.ToString().Split(" = add'[").Length - 1);
    }

    [Fact]
    public void AResultIsNotShared()
    {
        Tensor<float> x = Values(1, 4, 8), w = Values(2, 4, 8);
        x.RequiresGrad = w.RequiresGrad = true;
        // The leaves' gradients are equal, and are read after the run: each has memory of its own.
        Program program = SameBits(() => (x + w).Square().Sum(), x, w);
        Assert.Equal(x.Grad!.ToArray(), w.Grad!.ToArray());
        x.Grad.AsSpan().Fill(7);
        Assert.DoesNotContain(7f, w.Grad.ToArray());
        Assert.Equal(2, program.ToString().Split("add'[").Length - 1);
    }

    private static Program SameBits(Func<Tensor<float>> f, params Tensor<float>[] leaves)
    {
        foreach (Tensor<float> leaf in leaves)
            leaf.ZeroGrad();
        f().Backward();
        float[][] expected = [.. leaves.Select(l => l.Grad!.ToArray())];
        Program program = Program(f, s_copies, leaves);
        foreach (CaptureOptions options in (CaptureOptions[])[s_copies, CaptureOptions.Default])
        {
            Program(f, options, leaves).Run();
            Assert.Equal(expected, leaves.Select(l => l.Grad!.ToArray()));
        }
        program.Run();
        Assert.Equal(expected, leaves.Select(l => l.Grad!.ToArray()));
        return program;
    }

    private static Program Program(Func<Tensor<float>> f, CaptureOptions options, params Tensor<float>[] leaves) => Capture.Prepare<float>(
        () =>
        {
            foreach (Tensor<float> leaf in leaves)
                leaf.ZeroGrad();
            Tensor<float> y = f();
            y.Backward();
            return [y];
        },
        options);

    private static Tensor<float> Values(int seed, params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i + seed))], shape);
    }
}
