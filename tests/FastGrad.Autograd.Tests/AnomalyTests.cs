namespace FastGrad.Autograd.Tests;

/// <summary>The first operation that makes NaN or ∞ is named, with its call site and inputs.</summary>
public sealed class AnomalyTests
{
    [Fact]
    public void TheForwardOperationIsNamedWithCallSiteAndRange()
    {
        Tensor<double> x = Tensor.From(4.0, -0.25, 1);
        x.Name = "x";
        using AnomalyDetection watch = new();
        string message = Assert.Throws<NotFiniteNumberException>(() => Model(x)).Message;
        Assert.Contains("'log'", message, StringComparison.Ordinal);
        Assert.Contains("NaN at position 1", message, StringComparison.Ordinal);
        Assert.Contains("result of shape [3]", message, StringComparison.Ordinal);
        Assert.Contains("a tensor of shape [3] from -0.5 to 8", message, StringComparison.Ordinal); // the range of what log got
        Assert.Contains($"{nameof(AnomalyTests)}.{nameof(Model)}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBackwardOperationIsNamedWhereItWasCalled()
    {
        Tensor<double> x = Tensor.From(0.0, 4);
        x.RequiresGrad = true;
        using AnomalyDetection watch = new();
        Tensor<double> y = Root(x).Sum(); // 0 and 2 are finite; the slope at 0 is not
        string message = Assert.Throws<NotFiniteNumberException>(() => y.Backward()).Message;
        Assert.Contains("'sqrt'", message, StringComparison.Ordinal);
        Assert.Contains("∞ at position 0", message, StringComparison.Ordinal);
        Assert.Contains("in shape [2]", message, StringComparison.Ordinal);
        Assert.Contains("of shape [2] from 0 to 2", message, StringComparison.Ordinal); // what it saved: its output
        Assert.Contains($"{nameof(AnomalyTests)}.{nameof(Root)}", message, StringComparison.Ordinal);
        Assert.Throws<NotFiniteNumberException>(() => Root(x).Sum().Backward(createGraph: true));
    }

    [Fact]
    public void WhatComesInIsNobodysFault()
    {
        using AnomalyDetection watch = new();
        Tensor<double> mask = Tensor.From(0, double.NegativeInfinity);
        Assert.Equal([1.0, double.NegativeInfinity], (Tensor.From(1.0, 2) + mask).ToArray());
        Assert.Throws<NotFiniteNumberException>(() => mask - mask); // ∞ − ∞ is
        Assert.True(double.IsNaN((Tensor.From(double.NaN) * 2.0).Item()));
    }

    [Fact]
    public void InfinityIsAllowedOnRequestAndNothingIsWatchedOutside()
    {
        Assert.Equal(double.PositiveInfinity, (Tensor.From(1.0) / Tensor.From(0.0)).Item());
        using (AnomalyDetection watch = new(allowInfinity: true))
        {
            Assert.True(AnomalyDetection.IsActive);
            Assert.Equal(double.PositiveInfinity, (Tensor.From(1.0) / Tensor.From(0.0)).Item());
            Assert.Throws<NotFiniteNumberException>(() => Tensor.From(0.0) / Tensor.From(0.0));
        }
        Assert.False(AnomalyDetection.IsActive);
    }

    [Fact]
    public void OfALongChainTheFirstIsNamed()
    {
        Tensor<double> x = Tensor.From([1.0, 2, 3, 4], [2, 2]);
        using AnomalyDetection watch = new();
        string message = Assert.Throws<NotFiniteNumberException>(() => (x.Exp() - 20.0).Sqrt().Log().MatMul(x).Sum()).Message;
        Assert.StartsWith("'sqrt'", message, StringComparison.Ordinal); // log, matmul and sum would only have passed it on
        Assert.Contains("NaN at position 0 in a result of shape [2, 2]", message, StringComparison.Ordinal);
    }

    private static Tensor<double> Model(Tensor<double> x) => (x * 2.0).Log();

    private static Tensor<double> Root(Tensor<double> x) => x.Sqrt();
}
