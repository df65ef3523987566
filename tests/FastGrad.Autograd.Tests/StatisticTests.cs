namespace FastGrad.Autograd.Tests;

/// <summary>Orders and extrema with their indices, also in captured programs; reductions of edges.</summary>
public sealed class StatisticTests
{
    [Fact]
    public void Indices_come_with_the_values()
    {
        Tensor<float> x = Tensor.From<float>([3, 1, 2, 1, 5, 4], [2, 3]);
        (Tensor<float> sorted, Tensor<int> order) = x.Sort(descending: true);
        Assert.Equal([3, 2, 1, 5, 4, 1], sorted.ToArray());
        Assert.Equal([0, 2, 1, 1, 2, 0], order.ToArray());
        (Tensor<float> top, Tensor<int> where) = x.TopK(1, axis: 0, largest: false);
        Assert.Equal([1, 3], top.Shape.Axes.ToArray());
        Assert.Equal([1, 1, 2], top.ToArray());
        Assert.Equal([1, 0, 0], where.ToArray());
        Assert.Equal([0, 1], x.ArgMax(1).ToArray());
        Assert.Equal(1, x.ArgMin().Item());
        Assert.Equal([2, 4], x.Median(1).Values.ToArray());
        Assert.Equal([2, 2], x.Median(1).Indices.ToArray());
        Assert.Equal(2, x.Median().Item()); // of six the third
        Assert.Equal([0, 0, 0, 0, 1, 1], x.CumMax(1).Indices.ToArray());
    }

    [Fact]
    public void A_captured_order_is_found_again_in_each_run()
    {
        Tensor<float> x = Tensor.From<float>([3, 1, 2]);
        x.RequiresGrad = true;
        Tensor<float> weights = Tensor.From<float>([1, 10, 100]), sorted = null!, loss = null!;
        Program program = Capture.Record<float>(() =>
        {
            x.ZeroGrad();
            sorted = x.Sort().Values;
            loss = (sorted * weights).Sum();
            loss.Backward();
            return [sorted, loss];
        });
        Assert.Equal([100, 1, 10], x.Grad!.ToArray());
        using (new NoGrad())
            new float[] { 5, 9, 7 }.CopyTo(x.AsSpan());
        program.Run();
        Assert.Equal([5, 7, 9], sorted.ToArray());
        Assert.Equal([1, 100, 10], x.Grad!.ToArray());
    }

    [Fact]
    public void Scalars_and_empty_tensors()
    {
        Tensor<double> scalar = Tensor.Scalar(3.0), empty = Tensor.Zeros<double>([0, 2]);
        Assert.Equal(3, scalar.Prod().Item());
        Assert.Equal(3, scalar.Norm().Item());
        Assert.Equal(0, scalar.Var(correction: 0).Item());
        Assert.Equal([1, 1], empty.Prod([0]).ToArray());
        Assert.Equal([0, 0], empty.Norm(2, [0]).ToArray());
        Assert.True(double.IsNaN(scalar.Var().Item()));
        Assert.Throws<ArgumentException>(() => empty.Max([0]));
        Assert.Throws<ArgumentException>(() => empty.ArgMax(0));
        Assert.Throws<ArgumentException>(() => empty.Median(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => scalar.Norm(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros<double>([3]).TopK(4));
        Assert.Throws<ArgumentException>(() => Tensor.Zeros<double>([3]).Prod([0, 0]));
    }

    /// <summary>A layer norm that nobody differentiates keeps no statistics, and has the same bits.</summary>
    [Fact]
    public void Norms_without_a_tape_have_the_same_bits()
    {
        Tensor<float> x = Tensor.From<float>([.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))], [3, 4, 5]), leaf = x.Clone();
        leaf.RequiresGrad = true;
        Assert.Equal(leaf.LayerNorm().ToArray(), x.LayerNorm().ToArray());
        Assert.Equal(leaf.RmsNorm(axes: 2).ToArray(), x.RmsNorm(axes: 2).ToArray());
        Assert.Equal(leaf.GroupNorm(2).ToArray(), x.GroupNorm(2).ToArray());
    }
}
