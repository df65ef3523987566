using FastGrad.Analysis.GradientFlow;
using FastGrad.Initialization;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Analysis.Tests;

/// <summary>What passes deep networks, against chains whose factor is known.</summary>
public sealed class GradientFlowTests
{
    [Theory]
    [InlineData(0.5, FlowVerdict.Vanishing, "16")] // 0.5⁹ is 1/512, 0.5¹⁰ is out: 10 layers below the last
    [InlineData(1.0, FlowVerdict.Steady, null)]
    [InlineData(3.0, FlowVerdict.Exploding, "19")] // 3⁷ is the first power above 1000
    public void AChainOfFactorsHasItsFactor(double weight, FlowVerdict verdict, string? layer)
    {
        const int Depth = 27;
        Sequential<double> model = new([.. Enumerable.Range(0, Depth).Select(_ => new Linear<double>(2, 2, false, Initializers.Identity<double>()))]);
        model.Initialize(0);
        foreach (NamedParameter<double> p in model.NamedParameters())
            foreach (ref double w in p.Tensor.AsSpan())
                w *= weight;
        Tensor<double> x = Tensor.From<double>([1.0, 2, 3, 4], [2, 2]);
        FlowReport report = FlowMeter.Measure(model, () => model.Invoke(x).Sum());
        Assert.Equal(weight, report.Factor, 1e-12);
        Assert.Equal((verdict, layer), (report.Verdict, report.Layer));
        for (int i = 0; i < Depth; i++)
        {
            double rms = Math.Sqrt(30 / 4.0) * Math.Pow(weight, i + 1);
            Assert.Equal(1, report.Layers[i].Activation / rms, 1e-12);
            Assert.Equal(1, report.Layers[i].Gradient / (2 * Math.Pow(weight, Depth - 1 - i)), 1e-12);
            Assert.Equal(weight * Math.Sqrt(2), report.Layers[i].WeightNorm, 1e-12);
        }
        Assert.All(model.NamedParameters(), p => Assert.True(p.Tensor.Grad is null || p.Tensor.Grad.ToArray().All(g => g == 0)));
    }

    [Fact]
    public void DeadAndSaturatedUnitsAreCounted()
    {
        Sequential<double> model = new(new Linear<double>(1, 4), new Relu<double>(), new Linear<double>(4, 2), new Sigmoid<double>());
        model.Initialize(1);
        Tensor<double> w = model.NamedParameters()[0].Tensor, b = model.NamedParameters()[1].Tensor, v = model.NamedParameters()[2].Tensor, c = model.NamedParameters()[3].Tensor;
        w.AsSpan().Fill(1);
        ((double[])[-9, -9, -9, 0]).CopyTo(b.AsSpan()); // three never pass 1 and 2
        v.AsSpan().Clear();
        ((double[])[5, 0]).CopyTo(c.AsSpan()); // σ′(5) = 0.0066, σ′(0) = 0.25
        Tensor<double> x = Tensor.From<double>([1.0, 2], [2, 1]);
        FlowReport report = FlowMeter.Measure(model, () => model.Invoke(x).Sum());
        Assert.Equal((0.75, 0.0), (report.Layers[0].Dead, report.Layers[0].Saturated));
        Assert.Equal((0.0, 0.5), (report.Layers[1].Dead, report.Layers[1].Saturated));
    }

    [Fact]
    public void ThirtySigmoidLayersVanishAndAreMended()
    {
        IReadOnlyList<FlowTrial> trials = new FlowNetwork().Mends();
        FlowReport Of(string change) => trials.Single(t => t.Change == change).Report;
        FlowReport sigmoid = Of("as it is");
        Assert.Equal(FlowVerdict.Vanishing, sigmoid.Verdict);
        Assert.InRange(sigmoid.Factor, 0.2, 0.27); // a slope of at most ¼ times a weight of norm-keeping size
        Assert.Equal(31, sigmoid.Layers.Count);
        Assert.Equal(FlowVerdict.Steady, Of("He initialization and ReLU").Verdict);
        Assert.InRange(Of("He initialization and ReLU").Factor, 0.8, 1.25);
        Assert.Equal(FlowVerdict.Vanishing, Of("He initialization").Verdict); // not without ReLU
        Assert.Equal(FlowVerdict.Steady, Of("batch normalization").Verdict);
        Assert.InRange(Of("batch normalization").Factor, 0.8, 1.25);
        // Over a row's units, the offset that sigmoids share takes most of the scale: normalizing layers helps, but does not mend.
        Assert.InRange(Of("layer normalization").Factor, 1.2 * sigmoid.Factor, 0.8);
        Assert.InRange(trials[0].Clipping(1e-9), 0, 1e-3);
    }

    [Fact]
    public void WhatIsUnknownIsRefused()
    {
        Assert.Throws<ArgumentException>(() => (new FlowNetwork() with { Activation = "sine" }).Measure());
        Assert.Throws<ArgumentOutOfRangeException>(() => (new FlowNetwork() with { Depth = 1 }).Measure());
        Assert.Throws<ArgumentException>(() => FlowMeter.Measure(new Sequential<double>(new Relu<double>()), () => Tensor.Scalar(1.0)));
    }
}
