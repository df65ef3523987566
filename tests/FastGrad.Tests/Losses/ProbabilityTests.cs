using FastGrad.Autograd;
using FastGrad.Losses;
using Xunit;

namespace FastGrad.Tests.Losses;

/// <summary>What is no probability is named, also when a captured program meets it.</summary>
public sealed class ProbabilityTests
{
    [Fact]
    public void WhatIsNoProbabilityIsNamed()
    {
        Tensor<double> logits = Tensor.From<double>([1, 2, 3, 4], [2, 2]), shares = Tensor.From<double>([0.5, 0.5, 1.25, -0.25], [2, 2]), good = Tensor.From<double>([0, 1, 0.25, 0.75], [2, 2]);
        Says("The target probability at position 3 of shape [2, 2] is -0.25; expected at least 0", () => new CrossEntropy<double>().Forward(logits, shares));
        Says("The target probability at position 3 of shape [2, 2] is -0.25; expected at least 0", () => new CrossEntropy<double>(0.5).Forward(logits, shares));
        Says("The target probability at position 3 of shape [2, 2] is -0.25; expected at least 0", () => new KlDivergence<double>().Forward(logits, shares));
        Says("The probability at position 2 of shape [2, 2] is 1.25; expected a number from 0 to 1", () => new BinaryCrossEntropyOfProbabilities<double>().Forward(shares, good));
        Says("The probability at position 0 of shape [1] is -1E-07", () => new BinaryCrossEntropyOfProbabilities<float>().Forward(Tensor.From(-1e-7f), Tensor.From(0f)));

        static void Says(string message, Action action) =>
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>("x", action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheEndsOfTheRangeAreInItAndNaNIsNotItsMatter()
    {
        Tensor<double> ends = Tensor.From(0.0, 1), nan = Tensor.From(double.NaN, 0.5);
        Assert.Equal(0, new BinaryCrossEntropyOfProbabilities<double>().Forward(ends, ends).Item());
        Assert.True(double.IsNaN(new BinaryCrossEntropyOfProbabilities<double>().Forward(nan, ends).Item()));
    }

    [Fact]
    public void ACapturedProgramLooksInEachRun()
    {
        double[] memory = [0.25, 0.5];
        Tensor<double> p = Tensor.Wrap(memory.AsMemory(), [2]), y = Tensor.From(0.0, 1), loss = null!;
        BinaryCrossEntropyOfProbabilities<double> criterion = new();
        Program program = Capture.Record<double>(() => [loss = criterion.Forward(p * 1.0, y)]);
        memory[1] = 0.75;
        program.Run();
        Assert.Equal(criterion.Forward(p, y).Item(), loss.Item());
        memory[0] = -0.5;
        Assert.Contains("The probability at position 0 of shape [2] is -0.5", Assert.Throws<ArgumentOutOfRangeException>(program.Run).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStoppedGradientIsZeroToTapeAndTransforms()
    {
        Tensor<double> x = Tensor.Scalar(3.0);
        Assert.Equal(3, Transforms.Grad<double>(t => t * t.StopGradient())(x).Item());
        Assert.Equal(3, Transforms.Jvp<double>(t => t * t.StopGradient(), x, Tensor.Scalar(1.0)).Tangent.Item());
        x.RequiresGrad = true;
        (x * x.StopGradient()).Backward();
        Assert.Equal(3, x.Grad!.Item());
    }
}
