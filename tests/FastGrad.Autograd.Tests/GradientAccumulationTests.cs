namespace FastGrad.Autograd.Tests;

/// <summary>A product that adds to a gradient continues the chains of multiply-adds that are there: batches in pieces have the bits of the whole.</summary>
public sealed class GradientAccumulationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TwoPiecesOfABatchHaveTheBitsOfTheWhole(bool capture)
    {
        Tensor<float> x = Values(1, 11, 24), c = Values(2, 11, 40), w = Values(3, 40, 24);
        w.RequiresGrad = true;
        Pass(x, c).Run();
        float[] whole = w.Grad!.ToArray();
        Assert.NotEqual(whole, Rounded(x, c)); // another order, or a rounding between the pieces, would be seen

        Pass(x.Slice(0, 0, 7), c.Slice(0, 0, 7)).Run();
        Pass(x.Slice(0, 7, 4), c.Slice(0, 7, 4), adds: true).Run();
        Assert.Equal(whole, w.Grad!.ToArray());

        Step Pass(Tensor<float> inputs, Tensor<float> factors, bool adds = false)
        {
            void Body()
            {
                if (!adds)
                    w.ZeroGrad();
                (inputs.Linear(w) * factors).Sum().Backward();
            }
            if (!capture)
                return new(Body);
            Program program = Capture.Prepare<float>(() =>
            {
                Body();
                return [];
            });
            if (adds)
                Assert.Contains("+= linear'[1]", program.ToString());
            return new(program.Run);
        }
    }

    // The gradients of the pieces, each rounded, then added.
    private static float[] Rounded(Tensor<float> x, Tensor<float> c)
    {
        float[] sum = new float[40 * 24];
        foreach ((int start, int count) in ((int, int)[])[(0, 7), (7, 4)])
        {
            for (int i = 0; i < 40; i++)
            {
                for (int j = 0; j < 24; j++)
                {
                    float chain = 0;
                    for (int row = start; row < start + count; row++)
                        chain = MathF.FusedMultiplyAdd(c[row, i], x[row, j], chain);
                    sum[i * 24 + j] += chain;
                }
            }
        }
        return sum;
    }

    private sealed record Step(Action Run);

    private static Tensor<float> Values(int seed, params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i + seed))], shape);
    }
}
