namespace FastGrad.Autograd.Tests;

/// <summary>Products that finish their elements: the same bits, one instruction less.</summary>
public sealed class EpiloguePassTests
{
    private static readonly CaptureOptions s_none = CaptureOptions.None with { KeepDumps = true };

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

    private static Tensor<float> Values(int seed, params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i + seed))], shape);
    }
}
