namespace FastGrad.Autograd.Tests;

/// <summary>Functions that see and replace gradients on their way.</summary>
public sealed class GradientHookTests
{
    [Fact]
    public void AResultsHookSeesTheWholeGradientAndReplacesIt()
    {
        Tensor<double> x = Leaf(2);
        Tensor<double> y = x * 3.0;
        List<double> seen = [];
        y.RegisterHook(g =>
        {
            seen.Add(g.Item());
            return g * 10.0;
        });
        (y * y + y).Sum().Backward(); // dy = 2y + 1 = 13
        Assert.Equal([13.0], seen);
        Assert.Equal(13 * 10 * 3.0, x.Grad!.Item());
    }

    [Fact]
    public void ALeafsHookSeesTheSumOfAPassAndNotWhatWasThere()
    {
        Tensor<double> x = Leaf(2);
        x.Sum().Backward();
        List<double> seen = [];
        using (x.RegisterHook(g =>
        {
            seen.Add(g.Item());
            return -g;
        }))
        {
            (x * x + 5.0 * x).Sum().Backward();
        }
        Assert.Equal([9.0], seen);
        Assert.Equal(1 - 9.0, x.Grad!.Item());
        x.Sum().Backward(); // the hook is gone
        Assert.Equal(1 - 9.0 + 1, x.Grad!.Item());
        Assert.Single(seen);
    }

    [Fact]
    public void HooksRunInOrderAndInPassesThatCreateAGraph()
    {
        Tensor<double> x = Leaf(2);
        x.RegisterHook(g => g + 1.0);
        x.RegisterHook(g => g * 2.0);
        (x * x).Sum().Backward(createGraph: true);
        Assert.Equal((4 + 1) * 2.0, x.Grad!.Item());
        Assert.Equal((4 + 1) * 2.0, Transforms.Gradients((x * x).Sum(), [x])[0].Item());
    }

    [Fact]
    public void AResultKeepsItsGradientOnRequest()
    {
        Tensor<double> x = Leaf(2), y = x * 3.0;
        y.RetainGrad();
        (y * y).Sum().Backward(retainGraph: true);
        Assert.Equal(12.0, y.Grad!.Item());
        (y * 2.0).Sum().Backward();
        Assert.Equal(14.0, y.Grad!.Item());
    }

    [Fact]
    public void APassThatFailsLeavesNothingBehind()
    {
        Tensor<double> x = Leaf(2);
        GradientHook bad = x.RegisterHook(g => g.Reshape([1, 1]));
        Assert.Contains("hook", Assert.Throws<InvalidOperationException>(() => (x * x).Sum().Backward()).Message, StringComparison.Ordinal);
        bad.Dispose();
        Assert.Null(x.Grad);
        (x * x).Sum().Backward();
        Assert.Equal(4.0, x.Grad!.Item());
    }

    [Fact]
    public void ATensorWithoutGradientHasNoHooks() =>
        Assert.Throws<InvalidOperationException>(() => Tensor.From(1.0).RegisterHook(g => null));

    private static Tensor<double> Leaf(double value)
    {
        Tensor<double> x = Tensor.From(value);
        x.RequiresGrad = true;
        return x;
    }
}
