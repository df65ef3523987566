namespace FastGrad.Analysis.Tests;

/// <summary>Numeric differentiation against closed forms: the error is small, and the estimate is an honest one.</summary>
public sealed class NumericDerivativeTests
{
    private static readonly (string Name, Func<double, double> F, Func<double, double> Slope)[] s_functions =
    [
        ("exp", Math.Exp, Math.Exp),
        ("sin", Math.Sin, Math.Cos),
        ("x⁵", x => x * x * x * x * x, x => 5 * x * x * x * x),
        ("arctan 3x", x => Math.Atan(3 * x), x => 3 / (1 + 9 * x * x)),
        ("1/(x² + 0.1)", x => 1 / (x * x + 0.1), x => -2 * x / ((x * x + 0.1) * (x * x + 0.1))),
        ("10⁶ + x", x => 1e6 + x, _ => 1),
    ];

    [Fact]
    public void EstimatesBoundTheError()
    {
        foreach ((string name, Func<double, double> f, Func<double, double> slope) in s_functions)
        {
            for (double x = -2; x <= 2; x += 0.0625)
            {
                int calls = 0;
                NumericEstimate estimate = NumericDerivative.Estimate(t => { calls++; return f(t); }, x, 0.25);
                double error = Math.Abs(estimate.Value - slope(x));
                Assert.True(error <= 2 * estimate.Error, $"{name} at {x}: off by {error}, estimated {estimate.Error}");
                Assert.True(estimate.Error <= 1e-9 * (1 + Math.Abs(f(x)) + Math.Abs(slope(x))), $"{name} at {x}: estimated {estimate.Error}");
                Assert.InRange(calls, 4, 20);
                Assert.True(estimate.Step is > 0 and <= 0.25);
            }
        }
    }

    [Fact]
    public void FixedStepsAreOfTheSixthOrder()
    {
        // Halving h divides the error by 2⁶: the terms in h² and h⁴ are gone.
        double coarse = NumericDerivative.At(Math.Exp, 0.3, 0.5) - Math.Exp(0.3), fine = NumericDerivative.At(Math.Exp, 0.3, 0.25) - Math.Exp(0.3);
        Assert.InRange(coarse / fine, 60, 68);
        // A polynomial of degree 6 has no error but rounding.
        Assert.Equal(6 * Math.Pow(1.5, 5) - 4 * Math.Pow(1.5, 3), NumericDerivative.At(x => Math.Pow(x, 6) - Math.Pow(x, 4), 1.5, 0.25), 1e-11);
        double[] both = NumericDerivative.Along(t => [Math.Sin(t), Math.Exp(2 * t)], 1.0 / 64);
        Assert.Equal(1, both[0], 1e-12);
        Assert.Equal(2, both[1], 1e-11);
    }

    [Fact]
    public void WhatIsNotSmoothSaysSo()
    {
        // A kink within the step: only extrapolations from steps below its distance agree with each other.
        foreach (double x in (double[])[0.2, 0.1, 0.05, 0.02])
        {
            NumericEstimate beside = NumericDerivative.Estimate(Math.Abs, x, 0.25);
            Assert.True(Math.Abs(beside.Value - 1) <= 2 * beside.Error, $"{beside} at {x}");
        }
        // A kink at the point itself is the mean of its sides to any central difference, as is said.
        Assert.Equal(0, NumericDerivative.Estimate(Math.Abs, 0, 0.25).Value);
        // Noise of 10⁻⁸ leaves no more than √-like digits, and the estimate does not claim them.
        Random random = new(3);
        NumericEstimate noisy = NumericDerivative.Estimate(x => Math.Sin(x) + 1e-8 * random.NextDouble(), 0.5, 0.25);
        Assert.True(noisy.Error > 1e-9);
        NumericEstimate none = NumericDerivative.Estimate(_ => double.NaN, 0.5, 0.25);
        Assert.True(double.IsNaN(none.Value) && double.IsPositiveInfinity(none.Error));
        Assert.Throws<ArgumentOutOfRangeException>(() => NumericDerivative.Estimate(Math.Sin, 0, 0));
    }
}
