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
        Assert.Equal(layer is null ? null : int.Parse(layer, System.Globalization.CultureInfo.InvariantCulture) + 1, report.Position);
        Assert.Equal(Enumerable.Range(1, Depth), report.Layers.Select(l => l.Position));
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

    /// <summary>Any module: nested, with a shortcut, with layers of its own; named by paths, in the order of the calls.</summary>
    [Fact]
    public void AnyModuleIsMeasuredByThePathsOfItsLayers()
    {
        Sequential<double> Layer() => new(new Linear<double>(2, 2, false, Initializers.Identity<double>()), new Relu<double>());
        Sequential<double> model = new(Layer(), new Residual<double>(new Sequential<double>(Layer(), new Linear<double>(2, 2, false, Initializers.Identity<double>()))));
        model.Initialize(0);
        Tensor<double> x = Tensor.From<double>([1.0, 2, 3, 4], [2, 2]);
        FlowReport report = FlowMeter.Measure(model, () => model.Invoke(x).Sum());
        string[] paths = [.. model.NamedParameters().Select(p => p.Name[..p.Name.LastIndexOf('.')])];
        Assert.Equal(paths, report.Layers.Select(layer => layer.Name));
        Assert.Equal("0.0", paths[0]);
        Assert.Equal([1, 2, 3], report.Layers.Select(layer => layer.Position));
        // Ones come back to the inner layers, ones more to the first through the shortcut.
        Assert.Equal([4, 2, 2], report.Layers.Select(layer => layer.Gradient));
        Assert.All(report.Layers, layer => Assert.Equal(Math.Sqrt(30 / 4.0), layer.Activation, 1e-12));
        (Module<double> block, Func<Tensor<double>> loss) = Encoder();
        FlowReport encoder = FlowMeter.Measure(block, loss);
        Assert.All(encoder.Layers, layer => Assert.Contains(block.NamedModules(), m => m.Name == layer.Name));
        Assert.Equal(3, encoder.Layers.Count); // the attention's output, and both weights of the network at each position
        // What counts is everything but the norm before the first weight.
        double all = block.NamedParameters().Where(p => !p.Name.StartsWith("norm1", StringComparison.Ordinal)).Sum(p => p.Tensor.ToArray().Sum(w => w * w));
        Assert.Equal(all, encoder.Layers.Sum(l => l.WeightNorm * l.WeightNorm), 1e-9 * all);
    }

    /// <summary>A weight that is used twice has the gradients of both uses.</summary>
    [Fact]
    public void AModuleThatIsInvokedTwiceIsMeasuredOverBothCalls()
    {
        Linear<double> twice = new(2, 2, false, Initializers.Identity<double>());
        twice.Initialize(0);
        Tensor<double> x = Tensor.From<double>([3.0, 4], [1, 2]);
        LayerFlow layer = Assert.Single(FlowMeter.Measure(twice, () => (twice.Invoke(3 * twice.Invoke(x))).Sum()).Layers);
        Assert.Equal(Math.Sqrt((25 + 225) / 4.0), layer.Activation, 1e-12);
        Assert.Equal(Math.Sqrt(2 + 18), layer.Gradient, 1e-12);
        Assert.Equal("", layer.Name);
    }

    /// <summary>Linear layers with He's variance: each doubles it. Plain steps lead beyond all numbers; clipped ones stay, and go down.</summary>
    [Fact]
    public void ClippingIsTriedByTraining()
    {
        FlowNetwork exploding = new() { Activation = "none", Initialization = "he", Depth = 30, Width = 32, Rows = 32 };
        IReadOnlyList<FlowTrial> trials = exploding.Mends(steps: 20, rate: 0.01, clip: 1);
        FlowTrial plain = trials[0], clipped = trials.Single(t => t.Change == "clipping to 1");
        Assert.Equal((plain.Report.Factor, plain.Report.Verdict), (clipped.Report.Factor, FlowVerdict.Exploding));
        Assert.False(plain.Training!.Fell);
        Assert.Equal(0, plain.Training.Clipped);
        Assert.Equal(plain.Training.Before, clipped.Training!.Before);
        Assert.True(clipped.Training.Fell && clipped.Training.Clipped > 0 && clipped.Training.Steps == 20, clipped.Training.ToString());
        Assert.True(clipped.Training.LargestNorm > 1);

        // A first step of clipped descent falls by about rate·‖∇f‖ to first order.
        FlowTraining once = (exploding with { ClipNorm = 1 }).Train(1, 1e-6);
        Assert.Equal(1, (once.Before - once.After) / (1e-6 * once.LargestNorm), 0.05);

        // Where gradients vanish there is nothing to clip: the same steps, to the last bit.
        FlowNetwork vanishing = new() { Width = 16, Rows = 16 };
        Assert.Equal(vanishing.Train(5), (vanishing with { ClipNorm = 1e3 }).Train(5));
        Assert.Null(vanishing.Mends()[0].Training);
    }

    private static (Module<double> Block, Func<Tensor<double>> Loss) Encoder()
    {
        TransformerEncoderBlock<double> made = new(8, 2, 16);
        made.Initialize(1);
        Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, 2 * 3 * 8).Select(i => i % 7 / 7.0 - 0.4)], [2, 3, 8]);
        return (made, () => made.Invoke(x).Square().Mean());
    }

    [Fact]
    public void WhatIsUnknownIsRefused()
    {
        Assert.Throws<ArgumentException>(() => (new FlowNetwork() with { Activation = "sine" }).Measure());
        Assert.Throws<ArgumentOutOfRangeException>(() => (new FlowNetwork() with { Depth = 1 }).Measure());
        Assert.Throws<ArgumentException>(() => FlowMeter.Measure(new Sequential<double>(new Relu<double>()), () => Tensor.Scalar(1.0)));
        Sequential<double> model = new(new Linear<double>(2, 2), new Linear<double>(2, 1));
        model.Initialize(0);
        Tensor<double> x = Tensor.Ones<double>([1, 2]);
        Assert.Contains("'1.weight'", Assert.Throws<ArgumentException>(() => FlowMeter.Measure(model, () => model[0].Invoke(x).Sum())).Message);
        Assert.Contains("'0'", Assert.Throws<ArgumentException>(() => FlowMeter.Measure(model, () => model.Invoke(x).Detach().Sum())).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowNetwork().Train(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowNetwork().Train(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowNetwork().Mends(-1));
    }
}
