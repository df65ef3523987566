using System.Globalization;

namespace FastGrad.Autograd.Tests;

/// <summary>What the eager tape promises: accumulation, versions, release, scopes, memory.</summary>
public sealed class TapeTests
{
    private static Tensor<double> Leaf(params double[] values)
    {
        Tensor<double> leaf = Tensor.From<double>(values);
        leaf.RequiresGrad = true;
        leaf.Name = "w";
        return leaf;
    }

    [Fact]
    public void GradientsAccumulateUntilZeroGrad()
    {
        Tensor<double> x = Leaf(3);
        (x * x).Sum().Backward();
        (x * x).Sum().Backward();
        Assert.Equal([12.0], x.Grad!.ToArray());
        x.ZeroGrad();
        Assert.Null(x.Grad);
        (x * x).Sum().Backward();
        Assert.Equal([6.0], x.Grad!.ToArray());
    }

    [Fact]
    public void ASharedResultSendsTheSumOfItsContributions()
    {
        Tensor<double> x = Leaf(2);
        Tensor<double> y = x * x;               // used three times, once by an operation that passes its gradient on unchanged
        (y + y * y + y.Reshape([1])).Sum().Backward();
        Assert.Equal([2 * 2 * (1 + 2 * 4 + 1.0)], x.Grad!.ToArray());
    }

    [Fact]
    public void APassedOnGradientIsNotChangedByLaterContributions()
    {
        // a + b hands the same gradient to both; adding b's other contribution in place would change a's.
        Tensor<double> x = Leaf(2), z = Leaf(5);
        Tensor<double> a = x * 1.0, b = z * 1.0;
        Tensor<double> sum = a.Reshape([1, 1]) + b.Reshape([1, 1]);
        (sum.Sum() + (b * b).Sum()).Backward();
        Assert.Equal([1.0], x.Grad!.ToArray());
        Assert.Equal([11.0], z.Grad!.ToArray());
    }

    [Fact]
    public void TheCallersGradientIsNotChanged()
    {
        // Part of the seed is handed to a as it is; the contribution that follows must not be added in the seed's memory.
        Tensor<double> x = Leaf(3, 5), seed = Tensor.From(1.0, 2, 3, 4);
        Tensor<double> a = x * 1.0, p = a * a;
        TensorShapes.Concatenate(0, a, p).Backward(seed);
        Assert.Equal([1.0, 2, 3, 4], seed.ToArray());
        Assert.Equal([1 + 3 * 2 * 3.0, 2 + 4 * 2 * 5.0], x.Grad!.ToArray());
    }

    [Fact]
    public void BackwardTwiceIsRefusedUnlessRetained()
    {
        Tensor<double> x = Leaf(3), y = (x * x).Sum();
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.Equal([12.0], x.Grad!.ToArray());
        Assert.Contains("retainGraph", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
    }

    [Fact]
    public void AChangedSavedValueIsNamed()
    {
        Tensor<double> x = Leaf(3), y = (x * x).Sum();
        x.AsSpan()[0] = 4;
        string message = Assert.Throws<InvalidOperationException>(() => y.Backward()).Message;
        Assert.Contains("'multiply'", message);
        Assert.Contains("w", message);
    }

    [Fact]
    public void AValueThatBackwardDoesNotReadMayChange()
    {
        Tensor<double> x = Leaf(3), y = (x + 1.0).Sum();
        x.AsSpan()[0] = 4;
        y.Backward();
        Assert.Equal([1.0], x.Grad!.ToArray());
    }

    [Fact]
    public void MistakesGetASentence()
    {
        Tensor<double> x = Leaf(1, 2);
        Assert.Contains("scalar", Assert.Throws<InvalidOperationException>(() => (x * x).Backward()).Message);
        Assert.Contains("requires no gradient", Assert.Throws<InvalidOperationException>(() => x.Detach().Sum().Backward()).Message);
        Assert.Contains("[2] and [3] do not broadcast", Assert.Throws<ArgumentException>(() => x + Tensor.From(1.0, 2, 3)).Message);
        Assert.Contains("has no gradient", Assert.Throws<NotSupportedException>(() => Tensor.From(1, 2).RequiresGrad = true).Message);
        Assert.Contains("Detach()", Assert.Throws<InvalidOperationException>(() => (x * x).RequiresGrad = false).Message);
        Assert.Throws<ArgumentException>(() => x.MatMul(Tensor.From(1.0, 2, 3)));
        Assert.Contains("row 1 is 7", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros<double>([2, 3]).SoftmaxCrossEntropy(Tensor.From(0, 7))).Message);
    }

    [Fact]
    public void NoGradRecordsNothing()
    {
        Tensor<double> x = Leaf(3);
        using (new NoGrad())
            Assert.False((x * x).RequiresGrad);
        Assert.True((x * x).RequiresGrad);
    }

    [Fact]
    public void AScopeTakesTemporariesBackAndNamesThem()
    {
        Tensor<double> x = Leaf(3), kept, lost;
        using (TensorScope scope = new())
        {
            lost = x * x;
            lost.Name = "activation";
            kept = scope.Keep(x * 2.0);
            (lost * lost).Sum().Backward();
        }
        Assert.Equal([4 * 27.0], x.Grad!.ToArray()); // gradients of leaves escape
        Assert.Equal(6.0, kept.Item());
        string message = Assert.Throws<ObjectDisposedException>(() => lost.Item()).Message;
        Assert.Contains("activation", message);
        Assert.Contains("Keep", message);
    }

    [Fact]
    public void ScopesNestAndReuseMemory()
    {
        Tensor<double> x = Leaf(Enumerable.Range(0, 100).Select(i => (double)i).ToArray());
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        long first = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        Compute(x);
        long without = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(first + 5 * 800 < without, $"with a scope {first} bytes, without {without}"); // at least five arrays of 800 bytes fewer

        void Step()
        {
            using TensorScope outer = new();
            using TensorScope inner = new();
            Compute(x);
        }

        static void Compute(Tensor<double> x)
        {
            x.ZeroGrad();
            (x * x * x * x * x * x).Sum().Backward();
        }

    }

    [Fact]
    public void AChainOfAHundredThousandOperationsNeedsNoStack()
    {
        Tensor<double> x = Leaf(1);
        Tensor<double> y = x;
        for (int i = 0; i < 100_000; i++)
            y = y + x;
        y.Sum().Backward();
        Assert.Equal([100_001.0], x.Grad!.ToArray());
    }

    [Fact]
    public void SeveralThreadsComputeAtOnce()
    {
        Tensor<double> w = Tensor.From<double>([.. Enumerable.Range(0, 64 * 64).Select(i => Math.Sin(i))], [64, 64]);
        double[] expected = w.MatMul(w).Tanh().ToArray();
        Parallel.For(0, 64, _ => Assert.Equal(expected, w.MatMul(w).Tanh().ToArray()));
    }

    [Fact]
    public void GradientsOfADifferentiablePassAreEachTheirOwn()
    {
        // a + b hands both the seed itself: what is later added to one must change neither the other nor the seed.
        Tensor<double> a = Leaf(2), b = Leaf(3), seed = Tensor.From(1.0);
        (a + b).Backward(seed, createGraph: true);
        (a * 3.0).Backward();
        a.Grad!.AsSpan()[0] += 10;
        Assert.Equal([14.0], a.Grad!.ToArray());
        Assert.Equal([1.0], b.Grad!.ToArray());
        Assert.Equal([1.0], seed.ToArray());
    }

    [Fact]
    public void AGradientThatIsSetIsReadAndNotWritten()
    {
        Tensor<double> x = Leaf(2), set = Tensor.From(10.0);
        x.Grad = set;
        (x * 3.0).Backward();
        Assert.Equal([13.0], x.Grad!.ToArray());
        Assert.Equal([10.0], set.ToArray());

        using (TensorScope scope = new())
            x.Grad = Tensor.From(1.0);
        x.ZeroGrad();
        (x * 3.0).Backward(); // the memory of the gradient that was set went back with its scope
        Assert.Equal([3.0], x.Grad!.ToArray());
    }

    [Fact]
    public void AReleasedGraphIsRefusedEachTime()
    {
        Tensor<double> x = Leaf(2), shared = x * x;
        (shared * 2.0).Backward();
        Assert.Throws<InvalidOperationException>(() => (shared * 3.0).Backward());
        Assert.Throws<InvalidOperationException>(() => (shared * 5.0).Backward());
        Assert.Throws<InvalidOperationException>(() => Transforms.Gradients(shared * 5.0, [x]));
        Assert.Throws<InvalidOperationException>(() => Transforms.Gradients(shared * 5.0, [x]));
    }

    [Fact]
    public void TextIsTheSameInEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture, comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal("Tensor<Double> [2] { 1.5, -2.5 }", Tensor.From(1.5, -2.5).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
