namespace FastGrad.Autograd.Tests;

/// <summary>Many threads at once, several contexts at once, and the same bits from any number of threads.</summary>
public sealed class ThreadTests
{
    [Fact]
    public void ThreadsRecordAndRunBackwardAtOnce()
    {
        Tensor<double> shared = Wave(32, 32); // a constant to all
        double[][] expected = [.. Enumerable.Range(0, 8).Select(i => Gradient(i))];
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Assert.Equal(expected[i % 8], Gradient(i % 8)));

        double[] Gradient(int i)
        {
            using TensorScope scope = new();
            Tensor<double> w = Wave(32, 32) * (i + 1.0);
            w.RequiresGrad = false;
            Tensor<double> leaf = w.Detach().Clone();
            leaf.RequiresGrad = true;
            for (int pass = 0; pass < 2; pass++)
                (leaf.MatMul(shared).Tanh() * shared).Sum().Backward();
            return leaf.Grad!.ToArray();
        }
    }

    [Fact]
    public void ThreadsDifferentiateThroughOneFrozenTensor()
    {
        // The shared leaf requires a gradient, but the transforms on each thread take derivatives by their own variable only.
        Tensor<double> shared = Wave(16, 16);
        double[] expected = Transforms.Hvp(x => x.MatMul(shared).Tanh().Sum(), Wave(4, 16), Wave(4, 16)).ToArray();
        Parallel.For(0, 32, _ => Assert.Equal(expected, Transforms.Hvp(x => x.MatMul(shared).Tanh().Sum(), Wave(4, 16), Wave(4, 16)).ToArray()));
    }

    [Fact]
    public void ContextsRunSideBySide()
    {
        using ComputeContext one = new(1), two = new(2);
        double[] expected = Run(one);
        double[][] results = new double[2][];
        Thread[] threads = [.. new[] { one, two }.Select((context, i) => new Thread(() =>
        {
            for (int k = 0; k < 5; k++)
                results[i] = Run(context);
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(expected, results[0]);
        Assert.Equal(expected, results[1]);
    }

    [Fact]
    public void AScopeReturnsToTheContextThatItTookFrom()
    {
        using ComputeContext one = new(1), two = new(1);
        Tensor<double> x;
        using (new TensorScope())
        {
            using (one.Use())
                x = Wave(8) * 2.0;
            using (two.Use())
                Assert.Equal(Wave(8).ToArray().Select(v => 2 * v), x.ToArray());
        }
        Assert.Throws<ObjectDisposedException>(() => x.ToArray());
    }

    [Fact]
    public void OneAndTwoThreadsGiveTheSameBits()
    {
        using ComputeContext one = new(1), two = new(2);
        Assert.Equal(Run(one), Run(two));
    }

    // Large enough for kernels to share their work.
    private static double[] Run(ComputeContext context)
    {
        using ComputeContext.Usage use = context.Use();
        Tensor<double> x = Wave(193, 257), w = Wave(131, 257), b = Wave(131);
        foreach (Tensor<double> leaf in (Tensor<double>[])[x, w, b])
            leaf.RequiresGrad = true;
        Tensor<double> h = x.Linear(w, b).Gelu();
        Tensor<double> y = h.LogSoftmax().Square().Mean() + h.MatMul(h.Transpose()).LogSumExp().Sum() + (x * x.Slice(0, 0, 1)).Exp().Mean();
        y.Backward();
        return [y.Item(), .. x.Grad!.ToArray(), .. w.Grad!.ToArray(), .. b.Grad!.ToArray()];
    }

    private static Tensor<double> Wave(params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(i => Math.Sin(0.37 * i + 0.1))], shape);
    }
}
