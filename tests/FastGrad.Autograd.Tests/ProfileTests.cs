namespace FastGrad.Autograd.Tests;

/// <summary>The operations that a profile counts, against products of sizes.</summary>
public sealed class ProfileTests
{
    [Fact]
    public void ProductsAndConvolutionsCountTheirOperations()
    {
        Tensor<float> a = Tensor.Ones<float>([6, 5]), b = Tensor.Ones<float>([5, 7]), x = Tensor.Ones<float>([2, 3, 8, 9]), w = Tensor.Ones<float>([4, 3, 3, 2]);
        foreach (Tensor<float> leaf in (Tensor<float>[])[a, b, x, w])
            leaf.RequiresGrad = true;
        Program program = Capture.Record<float>(() =>
        {
            foreach (Tensor<float> leaf in (Tensor<float>[])[a, b, x, w])
                leaf.ZeroGrad();
            Tensor<float> sum = a.MatMul(b).Relu().Sum() + x.Conv(w).Sum();
            sum.Backward();
            return [sum];
        });
        IReadOnlyList<InstructionTime> times = program.Profile(3);
        InstructionTime[] products = [.. times.Where(t => t.Text.Contains("matmul", StringComparison.Ordinal))], convolutions = [.. times.Where(t => t.Text.Contains("conv", StringComparison.Ordinal))];
        Assert.Equal(3, products.Length); // forward, with its epilogue, and two gradients
        Assert.All(products, p => Assert.Equal(2 * 6 * 5 * 7, p.Flops));
        Assert.Equal(3, convolutions.Length);
        Assert.All(convolutions, c => Assert.Equal(2 * (2 * 4 * 6 * 8) * (3 * 3 * 2), c.Flops));
        Assert.All(times.Except(products).Except(convolutions), t => Assert.Equal(0, t.Flops));
        Assert.All(products, p => Assert.Equal(p.Microseconds > 0 ? p.Flops / p.Microseconds / 1000 : 0, p.GigaflopsPerSecond, 9));
    }
}
