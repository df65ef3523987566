namespace FastGrad.Autograd.Tests;

/// <summary>Scopes use memory, tape and, if asked, tensor objects again: nobody reads another's, and a steady loop allocates nothing.</summary>
public sealed class ScopeTests
{
    private static Tensor<double> Leaf(params double[] values)
    {
        Tensor<double> leaf = Tensor.From<double>(values);
        leaf.RequiresGrad = true;
        return leaf;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AReadAfterTheScopeIsRefusedByName(bool reuseTensors)
    {
        Tensor<double> x = Leaf(3), lost, view, constant;
        using (new TensorScope(reuseTensors))
        {
            lost = x * x;
            lost.Name = "activation";
            view = lost.Reshape([1, 1]);
            view.Name = "its view";
            constant = lost.Detach();
        }
        foreach (Tensor<double> tensor in new[] { lost, view, constant })
        {
            ObjectDisposedException told = Assert.Throws<ObjectDisposedException>(() => tensor.Item());
            Assert.Contains(tensor.Name ?? "activation", told.Message);
            Assert.Throws<ObjectDisposedException>(() => tensor * 2.0);
            Assert.Throws<ObjectDisposedException>(() => tensor.AsSpan());
        }
        // The next pass too: objects rest.
        using (new TensorScope(reuseTensors))
        {
            Tensor<double> next = (x * x).Reshape([1, 1]);
            Assert.Equal(9, next.Item());
            Assert.Throws<ObjectDisposedException>(() => lost.Item());
        }
    }

    /// <summary>A view of what is gone reads nothing itself, but hangs on a tape that is gone.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ATapeThatEndedIsNotWalked(bool reuseTensors)
    {
        Tensor<double> x = Leaf(3), lost, outside;
        using (new TensorScope(reuseTensors))
        {
            lost = x * x;
            outside = x.Reshape([1, 1]); // over memory that is not the scope's
        }
        using TensorScope other = new(reuseTensors);
        Tensor<double> unrelated = Leaf(7), product = unrelated * unrelated * unrelated; // takes the nodes that came back
        Assert.Throws<ObjectDisposedException>(() => lost.Backward());
        Assert.Throws<ObjectDisposedException>(() => lost.Reshape([1]).Backward());
        Assert.Throws<ObjectDisposedException>(() => outside.Backward());
        Assert.Null(x.Grad);
        product.Backward();
        Assert.Equal([147.0], unrelated.Grad!.ToArray());
    }

    /// <summary>What is kept keeps its tape, in this scope and in those around it.</summary>
    [Fact]
    public void AKeptTensorKeepsItsTape()
    {
        Tensor<double> x = Leaf(3), kept;
        using (new TensorScope())
        {
            Tensor<double> shifted = x + 1.0; // saves nothing
            using (TensorScope inner = new())
                kept = inner.Keep(shifted + x);
        }
        for (int i = 0; i < 3; i++)
        {
            using TensorScope other = new();
            (Leaf(5) * Leaf(6) + Leaf(7)).Backward();
        }
        kept.Backward();
        Assert.Equal([2.0], x.Grad!.ToArray());
    }

    [Fact]
    public void AKeptTensorOfAReusingScopeIsNeverAnother()
    {
        Tensor<double> x = Leaf(3), kept;
        using (TensorScope scope = new(reuseTensors: true))
            kept = scope.Keep((x * 2.0).Detach());
        for (int i = 0; i < 10; i++)
        {
            using TensorScope scope = new(reuseTensors: true);
            Tensor<double> y = x;
            for (int k = 0; k < 50; k++)
                y = y + 1.0;
        }
        Assert.Equal(6.0, kept.Item());
    }

    /// <summary>A tape that another thread made over this thread's: its scope may end first.</summary>
    [Fact]
    public void ATapeOverAnotherThreadsScopeIsRefusedAfterIt()
    {
        Tensor<double> x = Leaf(3), sum = null!;
        using (new TensorScope())
        {
            Tensor<double> shifted = x + 1.0;
            Thread thread = new(() => sum = shifted + 2.0);
            thread.Start();
            thread.Join();
        }
        using (new TensorScope())
        {
            Tensor<double> other = Leaf(5) + 1.0;
            Assert.Throws<ObjectDisposedException>(() => sum.Backward());
            Assert.Null(x.Grad);
            Assert.Equal(6.0, other.Item());
        }
    }

    /// <summary>The order of recording holds for a tape of several threads too, whose clocks differ.</summary>
    [Fact]
    public void ATapeOfSeveralThreadsIsWalkedBackwards()
    {
        Tensor<double> x = Leaf(3), square = null!;
        for (int i = 0; i < 1000; i++)
            _ = x * 1.0; // this thread's clock is ahead
        Tensor<double> y = x * 2.0;
        Thread thread = new(() => square = y * y);
        thread.Start();
        thread.Join();
        (square * y + y).Backward();
        Assert.Equal([2 * (3 * 36.0 + 1)], x.Grad!.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnExceptionClosesItsScope(bool reuseTensors)
    {
        Tensor<double> x = Leaf(1, 2, 3);
        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<ArgumentException>(() =>
            {
                using TensorScope outer = new(reuseTensors);
                using TensorScope inner = new(reuseTensors);
                return (x * x).Sum() + (x + Tensor.From(1.0, 2));
            });
            Assert.Throws<InvalidOperationException>(() =>
            {
                using TensorScope scope = new(reuseTensors);
                Tensor<double> y = x * x, z = (y * y).Sum();
                y.AsSpan()[0] = 7;
                z.Backward();
            });
        }
        x.ZeroGrad();
        using TensorScope last = new(reuseTensors);
        (x * x).Sum().Backward();
        Assert.Equal([2.0, 4, 6], x.Grad!.ToArray());
    }

    /// <summary>A program holds its tape and tensors beyond the scope that it was captured in.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AProgramOutlivesTheScopeOfItsCapture(bool reuseTensors)
    {
        Tensor<double> x = Leaf(1, 2, 3), y = null!;
        Program program;
        using (new TensorScope(reuseTensors))
        {
            program = Capture.Record<double>(() =>
            {
                x.ZeroGrad();
                y = (x * x * x).Exp().Sum();
                y.Backward();
                return [y];
            });
        }
        double[] first = x.Grad!.ToArray();
        for (int i = 0; i < 3; i++)
        {
            using TensorScope other = new(reuseTensors);
            (Leaf(5) * Leaf(6)).Exp().Backward();
        }
        program.Run();
        Assert.Equal(first, x.Grad!.ToArray());
    }

    /// <summary>The same graphs with and without scopes give the same bits, whatever was used again before.</summary>
    [Fact]
    public void ScopesDoNotChangeABit()
    {
        Random random = new(5);
        for (int trial = 0; trial < 40; trial++)
        {
            int seed = random.Next(), length = random.Next(1, 6000);
            Assert.Equal(Run(seed, length, null), Run(seed, length, false));
            Assert.Equal(Run(seed, length, null), Run(seed, length, true));
        }

        static double[] Run(int seed, int length, bool? reuse)
        {
            Random draw = new(seed);
            Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, length).Select(i => draw.NextDouble() - 0.5)]), w = Leaf(draw.NextDouble());
            x.RequiresGrad = true;
            if (reuse is not { } reuseTensors)
                return Compute();
            using TensorScope scope = new(reuseTensors);
            return Compute();

            double[] Compute()
            {
                List<Tensor<double>> values = [x, w];
                for (int i = 0; i < 12; i++)
                {
                    Tensor<double> a = values[draw.Next(values.Count)], b = values[draw.Next(values.Count)];
                    values.Add(draw.Next(6) switch
                    {
                        0 => a + b,
                        1 => a * b,
                        2 => a.Tanh(),
                        3 => a - b * 0.5,
                        4 => a.Sum() * b,
                        _ => a.Reshape([1, a.Length]).Sum([0]),
                    });
                }
                Tensor<double> last = values[^1].Tanh().Mean();
                if (last.RequiresGrad)
                    last.Backward();
                return [last.Item(), .. x.Grad?.ToArray() ?? [], .. w.Grad?.ToArray() ?? []];
            }
        }
    }

    [Fact]
    public void ASteadyStepInAReusingScopeAllocatesNothing()
    {
        Tensor<float> x = Tensor.From<float>([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), target = Tensor.From<float>([0, 1, 1, 0], [4, 1]);
        Tensor<float>[] weights = [Tensor.Full([16, 2], 0.3f), Tensor.Zeros<float>([16]), Tensor.Full([1, 16], 0.2f), Tensor.Zeros<float>([1])];
        foreach (Tensor<float> weight in weights)
            weight.RequiresGrad = true;
        Assert.Equal(0, Allocated(() => Step(reuse: true)));
        // Without it tensor objects alone: some dozens for this step, of about a hundred bytes.
        Assert.InRange(Allocated(() => Step(reuse: false)), 1, 4000);

        void Step(bool reuse)
        {
            using TensorScope scope = new(reuse);
            foreach (Tensor<float> weight in weights)
                weight.ZeroGrad();
            Tensor<float> y = x.Linear(weights[0], weights[1]).Tanh().Linear(weights[2], weights[3]);
            (y - target).Square().Mean().Backward();
        }

        static long Allocated(Action step)
        {
            for (int i = 0; i < 100; i++)
                step();
            long before = GC.GetAllocatedBytesForCurrentThread();
            step();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Equal axes made on many threads at once, more kinds than the table of known ones has places.</summary>
    [Fact]
    public void ShapesAreTheirAxesWhoeverMadeThem() => Parallel.For(0, 8, thread =>
    {
        for (int i = 0; i < 5000; i++)
        {
            int[] axes = [i % 37, i % 11 + 1, i % 3, thread % 2 + 1];
            Shape shape = Shape.Create(axes);
            Assert.Equal(axes, shape.Axes.ToArray());
            Assert.Equal(axes.Aggregate(1, (a, b) => a * b), shape.Length);
        }
    });
}
