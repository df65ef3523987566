using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Curvature;
using FastGrad.Losses;
using FsCheck;
using FsCheck.Xunit;

namespace FastGrad.Analysis.Tests;

/// <summary>Verified curvature bounds: against dense Hessians, and by what they promise of gradient descent.</summary>
public sealed class SmoothnessBoundsTests
{
    [Fact]
    public void LeastSquaresHasTheHessiansEigenvalues()
    {
        // XᵀX = [[14, 20], [20, 29]]: eigenvalues (43 ± √1825)/2 by hand; f is the mean of 3 squares.
        Tensor<double> x = Tensor.From<double>([1, 2, 2, 3, 3, 4.0], [3, 2]);
        SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(x, new MeanSquaredError<double>(), hasBias: false);
        double root = Math.Sqrt(1825);
        Assert.True(bounds.Smoothness >= 2.0 / 3 * (43 + root) / 2 * (1 - 1e-15));
        Assert.Equal(2.0 / 3 * (43 + root) / 2, bounds.Smoothness, 1e-9);
        Assert.True(bounds.StrongConvexity <= 2.0 / 3 * (43 - root) / 2 * (1 + 1e-12));
        Assert.Equal(2.0 / 3 * (43 - root) / 2, bounds.StrongConvexity, 1e-9);
        Assert.True(bounds.LargestStep * bounds.Smoothness <= 1);
    }

    /// <summary>For random data the Hessian of the loss, differentiated twice, has no eigenvalue outside the bounds.</summary>
    [Property(MaxTest = 40)]
    public void HessiansLieWithin(int seed)
    {
        (Tensor<double> x, Tensor<double> y, Tensor<double> w) = Problem(seed);
        foreach (Loss<double> loss in (Loss<double>[])[new MeanSquaredError<double>(), new Huber<double>(0.5), new LogCosh<double>(), new BinaryCrossEntropy<double>()])
        {
            Tensor<double> target = loss is BinaryCrossEntropy<double> ? y.Sigmoid() : y;
            SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(x, loss, hasBias: false, ridge: 0.01);
            double[] eigenvalues = SymmetricEigenvalues.Of(Transforms.Hessian<double>(v => loss.Forward(x.MatMul(v.Reshape([v.Length, 1])), target) + v.Square().Sum() * 0.01, w));
            Assert.True(eigenvalues[^1] <= bounds.Smoothness * (1 + 1e-12), $"{loss.Name}: {eigenvalues[^1]} above {bounds}");
            Assert.True(eigenvalues[0] >= bounds.StrongConvexity - 1e-12 * bounds.Smoothness, $"{loss.Name}: {eigenvalues[0]} below {bounds}");
        }
    }

    /// <summary>Gradient descent at the certified step never raises the loss beyond rounding, and lowers it as the descent lemma says.</summary>
    [Property(MaxTest = 40)]
    public void TheCertifiedStepNeverRaisesTheLoss(int seed)
    {
        (Tensor<double> x, Tensor<double> y, Tensor<double> w) = Problem(seed);
        Tensor<double> target = y.Sigmoid();
        foreach (Loss<double> loss in (Loss<double>[])[new BinaryCrossEntropy<double>(), new MeanSquaredError<double>(), new Huber<double>(0.3)])
        {
            SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(x, loss, hasBias: false);
            Func<Tensor<double>, (Tensor<double> Value, Tensor<double> Gradient)> at = Transforms.ValueAndGrad<double>(v => loss.Forward(x.MatMul(v.Reshape([v.Length, 1])), target));
            Tensor<double> here = w;
            (Tensor<double> value, Tensor<double> gradient) = at(here);
            for (int step = 0; step < 60; step++)
            {
                here = (here - gradient * bounds.LargestStep).Detach();
                double before = value.Item(), square = gradient.ToArray().Sum(g => g * g);
                (value, gradient) = at(here);
                double slack = 1e-13 * (1 + Math.Abs(before)) * x.Shape[0];
                Assert.True(value.Item() <= before - square / (2 * bounds.Smoothness) + slack, $"{loss.Name}, step {step}: {before} to {value.Item()}");
            }
        }
    }

    [Fact]
    public void SoftmaxRegressionLiesWithin()
    {
        Random random = new(4);
        Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, 60).Select(_ => 2 * random.NextDouble() - 1)], [20, 3]), w = Tensor.Zeros<double>([9]);
        Tensor<int> labels = Tensor.From<int>([.. Enumerable.Range(0, 20).Select(_ => random.Next(3))]);
        CrossEntropy<double> loss = new();
        SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(x, loss, hasBias: false, outputs: 3);
        double top = SymmetricEigenvalues.Of(Transforms.Hessian<double>(v => loss.Forward(x.MatMul(v.Reshape([3, 3])), labels), w))[^1];
        Assert.InRange(top, 0.3 * bounds.Smoothness, bounds.Smoothness);
    }

    /// <summary>Losses that compare the outputs of a row have one term a row, whatever the number of outputs; those of each element have one for each.</summary>
    [Fact]
    public void TermsAreCountedAsTheLossDoes()
    {
        Random random = new(9);
        Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, 36).Select(_ => 2 * random.NextDouble() - 1)], [12, 3]), y = Tensor.From<double>([.. Enumerable.Range(0, 48).Select(_ => 2 * random.NextDouble() - 1)], [12, 4]);
        Tensor<int> labels = Tensor.From<int>([.. Enumerable.Range(0, 12).Select(_ => random.Next(4))]);
        double[] weights = [0.01, 0.02, 3, 0.5];
        (Loss<double> Loss, Target<double> Target)[] cases =
        [
            (new CrossEntropy<double>(), labels), (new CrossEntropy<double>(Reduction.Sum), labels), (new CrossEntropy<double>(0.2), labels), (new CrossEntropy<double>(0, weights, reduction: Reduction.Sum), labels),
            (new MultiMargin<double>(2, 5), labels), (new MultiMargin<double>(2, 5, reduction: Reduction.Sum), labels), (new MeanSquaredError<double>(), y), (new MeanSquaredError<double>(Reduction.Sum), y),
            (new BinaryCrossEntropy<double>(), y.Sigmoid()), (new BinaryCrossEntropy<double>(7.0), y.Sigmoid()), (new Huber<double>(0.4), y), (new SmoothL1<double>(0.25), y), (new SquaredHinge<double>(), y.Sign()),
        ];
        foreach ((Loss<double> loss, Target<double> target) in cases)
        {
            SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(x, loss, hasBias: true, outputs: 4, ridge: 0.125);
            for (int trial = 0; trial < 6; trial++)
            {
                Tensor<double> w = Tensor.From<double>([.. Enumerable.Range(0, 16).Select(_ => trial / 3 * (random.NextDouble() - 0.5))]);
                double[] eigenvalues = SymmetricEigenvalues.Of(Transforms.Hessian<double>(v => loss.Forward(x.MatMul(v.Slice(0, 0, 12).Reshape([3, 4])) + v.Slice(0, 12, 4), target) + v.Square().Sum() * 0.125, w));
                Assert.True(eigenvalues[^1] <= bounds.Smoothness * (1 + 1e-12), $"{loss.Name} ({loss.Reduction}): {eigenvalues[^1]} above {bounds}");
                Assert.True(eigenvalues[0] >= bounds.StrongConvexity * (1 - 1e-12), $"{loss.Name} ({loss.Reduction}): {eigenvalues[0]} below {bounds}");
            }
        }
        // A mean over Σ w[label], or over the rows that are not ignored, is no sum divided by the rows.
        foreach (Loss<double> loss in (Loss<double>[])[new CrossEntropy<double>(0, weights), new CrossEntropy<double>(0, default, ignoredLabel: 2), new NegativeLogLikelihood<double>(weights)])
            Assert.Contains("Reduction.Sum", Assert.Throws<ArgumentException>(() => SmoothnessBounds.OfLinearModel(x, loss, outputs: 4)).Message, StringComparison.Ordinal);
    }

    /// <summary>The bounds of the eigenvalues hold in exact arithmetic: for one column XᵀX is Σx², and the least and the greatest bound enclose the fraction.</summary>
    [Fact]
    public void EigenvaluesAreBoundedNotEstimated()
    {
        Random random = new(12);
        for (int trial = 0; trial < 200; trial++)
        {
            int rows = 1 + random.Next(60);
            double[] x = [.. Enumerable.Range(0, rows).Select(_ => (2 * random.NextDouble() - 1) * Math.Pow(10, random.Next(-3, 4)))];
            SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(Tensor.From<double>(x, [rows, 1]), new MeanSquaredError<double>(Reduction.Sum), hasBias: false);
            System.Numerics.BigInteger sum = 0;
            foreach (double v in x)
            {
                System.Numerics.BigInteger scaled = new(Math.ScaleB(v, 120)); // all of them are whole then
                sum += 2 * scaled * scaled;
            }
            Assert.True(new System.Numerics.BigInteger(Math.ScaleB(bounds.StrongConvexity, 240)) <= sum && sum <= new System.Numerics.BigInteger(Math.ScaleB(bounds.Smoothness, 240)), $"{bounds}");
            Assert.True(bounds.Smoothness <= bounds.StrongConvexity * (1 + 1e-9));
        }
    }

    [Fact]
    public void WhatIsNotSmoothIsRefused()
    {
        Tensor<double> x = Tensor.From<double>([1, 2.0], [2, 1]);
        Assert.Contains("not convex and smooth", Assert.Throws<ArgumentException>(() => SmoothnessBounds.OfLinearModel(x, new Hinge<double>())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SmoothnessBounds.OfLinearModel(Tensor.From(1.0), new MeanSquaredError<double>()));
        Assert.Throws<ArgumentException>(() => SmoothnessBounds.OfLinearModel(Tensor.From<double>([double.NaN, 1.0], [2, 1]), new MeanSquaredError<double>()));
    }

    private static (Tensor<double> X, Tensor<double> Y, Tensor<double> W) Problem(int seed)
    {
        Random random = new(seed);
        int rows = random.Next(4, 30), columns = random.Next(1, 6);
        double size = Math.Pow(10, random.Next(-2, 3));
        return (Draw([rows, columns], size), Draw([rows, 1], 2), Draw([columns], 1));

        Tensor<double> Draw(Shape shape, double scale) => Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(_ => scale * (2 * random.NextDouble() - 1))], shape);
    }
}
