using FastGrad.Optimization.Options;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The options of <see cref="Sgd"/>.</summary>
public sealed record SgdOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>μ. Default 0: no momentum and no state.</summary>
    public double Momentum { get; set; }

    /// <summary>τ: the gradient enters the momentum with weight 1 − τ after the first step. Default 0.</summary>
    public double Dampening { get; set; }

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to step along the gradient that lies ahead. Default false.</summary>
    public bool Nesterov { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<SgdOptions> Table { get; } = new OptionTable<SgdOptions>("sgd")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.NonNegative, "momentum μ")
        .Real("dampening", o => o.Dampening, (o, v) => o.Dampening = v, OptionRange.Finite, "dampening τ of the momentum")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay)
        .Flag("nesterov", o => o.Nesterov, (o, v) => o.Nesterov = v, "Nesterov momentum")
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend")
        .Require(o => !o.Nesterov || (o.Momentum > 0 && o.Dampening == 0), "nesterov needs momentum > 0 and dampening = 0");
}
