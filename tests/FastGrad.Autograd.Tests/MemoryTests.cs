namespace FastGrad.Autograd.Tests;

/// <summary>Memory over many steps, measured while no other test runs.</summary>
[CollectionDefinition("memory", DisableParallelization = true)]
public sealed class MemoryCollection;

/// <summary>Nothing grows, with or without scopes.</summary>
[Collection("memory")]
public sealed class MemoryTests
{
    [Fact]
    public void MemoryStaysFlatOverBareForwardPasses()
    {
        Tensor<double> x = Leaf(Enumerable.Range(0, 64).Select(i => 0.01 * i).ToArray());
        Tensor<double> y = x;
        for (int i = 0; i < 1000; i++)
            y = x.Tanh() * x;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 100_000; i++)
            y = x.Tanh() * x;
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < 200_000, $"{growth} bytes more after 100 000 forward passes");
        GC.KeepAlive(y);
    }

    [Fact]
    public void MemoryStaysFlatOverTrainingStepsWithoutScope()
    {
        Tensor<double> x = Leaf(Enumerable.Range(0, 16).Select(i => 0.01 * i).ToArray());
        Run(1000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Run(100_000);
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < 200_000, $"{growth} bytes more after 100 000 steps");

        void Run(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                x.ZeroGrad();
                (x.Tanh() * x).Sum().Backward();
                Span<double> w = x.AsSpan();
                ReadOnlySpan<double> g = x.Grad!.AsReadOnlySpan();
                for (int j = 0; j < w.Length; j++)
                    w[j] -= 1e-6 * g[j];
            }
        }
    }

    /// <summary>Forward passes that nobody walks back, each in its scope.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MemoryStaysFlatOverForwardPassesInScopes(bool reuseTensors)
    {
        Tensor<double> x = Leaf(1, 2, 3);
        Run(5_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Run(100_000);
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < 200_000, $"{growth} bytes more after 100 000 forward passes");

        void Run(int passes)
        {
            for (int i = 0; i < passes; i++)
            {
                using TensorScope scope = new(reuseTensors);
                _ = (x * x).Exp().Sum();
            }
        }
    }

    /// <summary>What waits to be used again holds no large array: a program may have done with its largest tensors.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatWaitsHoldsNoLargeArray(bool reuseTensors)
    {
        WeakReference array = Pass(reuseTensors);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(array.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Pass(bool reuseTensors)
        {
            double[] elements = new double[100_000];
            Tensor<double> x = Tensor.Wrap(elements.AsMemory(), [elements.Length]);
            x.RequiresGrad = true;
            using ComputeContext context = new(1);
            using ComputeContext.Usage usage = context.Use();
            using TensorScope scope = new(reuseTensors);
            (x.Reshape([1, elements.Length]) * x.Detach()).Sum().Backward();
            return new WeakReference(elements);
        }
    }

    private static Tensor<double> Leaf(params double[] values)
    {
        Tensor<double> leaf = Tensor.From<double>(values);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
