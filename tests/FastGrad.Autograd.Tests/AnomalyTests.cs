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
        Assert.Contains("from -0.5 to 8", message, StringComparison.Ordinal); // the range of what log got
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

    private static Tensor<double> Model(Tensor<double> x) => (x * 2.0).Log();

    private static Tensor<double> Root(Tensor<double> x) => x.Sqrt();
}
