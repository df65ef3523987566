namespace FastGrad.Autograd.Tests;

/// <summary>Conditions: comparisons as IEEE 754 has them, their combinations, and that a program finds them anew in each run.</summary>
public sealed class MaskTests
{
    [Fact]
    public void ComparisonsAreThoseOfTheFormat()
    {
        Tensor<float> x = Tensor.From(1f, 2, float.NaN, -0f), y = Tensor.From(2f, 2, 2, 0);
        Assert.Equal([false, false, false, false], x.GreaterThan(y).ToArray());
        Assert.Equal([false, true, false, true], x.GreaterThanOrEqual(y).ToArray());
        Assert.Equal([true, false, false, false], x.LessThan(y).ToArray());
        Assert.Equal([true, true, false, true], x.LessThanOrEqual(y).ToArray());
        Assert.Equal([false, true, false, true], x.EqualTo(y).ToArray());
        Assert.Equal([true, false, true, false], x.NotEqualTo(y).ToArray());
        Assert.Equal([false, false, true, false], x.IsNaN().ToArray());
    }

    [Fact]
    public void MasksBroadcastAndCombine()
    {
        Tensor<double> column = Tensor.From<double>([0, 2], [2, 1]), row = Tensor.From(1.0, 2, 3);
        Tensor<bool> above = column.GreaterThan(row), equal = column.EqualTo(row);
        Assert.Equal([false, false, false, true, false, false], above.ToArray());
        Assert.Equal([false, false, false, true, true, false], above.Or(equal).ToArray());
        Assert.Equal([true, true, true, false, true, true], above.Not().ToArray());
        Assert.Equal([false, false, false, true, false, false], above.And(Tensor.From(true, false, false)).ToArray());
        Assert.Equal([0.0, 0, 0, 1, 0, 0], above.ToNumbers<double>().ToArray());
        Assert.Equal([3, 2], above.Reshape([3, 2]).Shape.Axes);
        Assert.Contains("6 elements are not 4", Assert.Throws<ArgumentException>("shape", () => above.Reshape([2, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("do not broadcast", Assert.Throws<ArgumentException>(() => row.GreaterThan(Tensor.From(1.0, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotTakenHasNoGradient()
    {
        // The root's slope at 0 is infinite: 0 times it would be NaN.
        Tensor<double> x = Tensor.From(0.0, 4);
        x.RequiresGrad = true;
        x.Sqrt().Where(x.GreaterThan(Tensor.Scalar(1.0)), Tensor.Scalar(0.0)).Sum().Backward();
        Assert.Equal(0.25, x.Grad![1]);
        Tensor<double> w = Tensor.From(double.NaN, 1);
        w.RequiresGrad = true;
        w.Where(w.IsNaN().Not(), Tensor.Scalar(5.0)).Sum().Backward();
        Assert.Equal([0.0, 1], w.Grad!.ToArray());
    }

    [Fact]
    public void AProgramReadsItsConditionsInEachRun()
    {
        bool[] given = [true, false, true];
        double[] memory = [1, -2, 3];
        Tensor<bool> condition = Tensor.Wrap(given.AsMemory(), [3]);
        Tensor<double> x = Tensor.Wrap(memory.AsMemory(), [3]);
        x.RequiresGrad = true;
        Tensor<double> Loss() => x.Square().Where(condition.And(x.GreaterThan(Tensor.Scalar(0.0))), -x).MaskedFill(x.LessThan(Tensor.Scalar(-5.0)), 7).Sum();
        Tensor<double> loss = null!;
        Program program = Capture.Record<double>(() =>
        {
            x.ZeroGrad();
            loss = Loss();
            loss.Backward();
            return [loss];
        });
        Assert.Equal(1 + 2 + 9, loss.Item());
        (given[0], given[1], memory[1], memory[2]) = (false, true, 4, -6);
        program.Run();
        Assert.Equal(-1 + 16 + 7, loss.Item());
        Assert.Equal([-1.0, 8, 0], x.Grad!.ToArray());
        double[] captured = x.Grad.ToArray();
        x.ZeroGrad();
        Loss().Backward();
        Assert.Equal(x.Grad!.ToArray(), captured);
    }

    [Fact]
    public void AProgramThatLooksAtItsElementsIsRefused()
    {
        Tensor<double> x = Tensor.From(1.0, 2);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Capture.Record<double>(() =>
        {
            Tensor<bool> mask = x.GreaterThan(Tensor.Scalar(1.0));
            return [x.Where(Tensor.From(mask.ToArray(), [2]), -x)];
        }));
        Assert.Contains("read while a program is captured", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Capture.Record<double>(() => [x * x.ToIndices().ToArray()[0]]));
    }
}
