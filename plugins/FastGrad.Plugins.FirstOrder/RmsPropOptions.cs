using FastGrad.Optimization.Options;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The options of <see cref="RmsProp"/>.</summary>
public sealed record RmsPropOptions
{
    /// <summary>η, the step size. Default 1e-2.</summary>
    public double LearningRate { get; set; } = 1e-2;

    /// <summary>α, decay of the squared gradient's average. Default 0.99.</summary>
    public double Alpha { get; set; } = 0.99;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>μ. Default 0: no momentum.</summary>
    public double Momentum { get; set; }

    /// <summary>Whether to divide by an estimate of the gradient's deviation instead of its root mean square. Default false.</summary>
    public bool Centered { get; set; }

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<RmsPropOptions> Table { get; } = new OptionTable<RmsPropOptions>("rmsprop")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("alpha", o => o.Alpha, (o, v) => o.Alpha = v, OptionRange.Unit, "decay α of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.NonNegative, "momentum μ")
        .Flag("centered", o => o.Centered, (o, v) => o.Centered = v, "divide by the deviation, not by the root mean square")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
