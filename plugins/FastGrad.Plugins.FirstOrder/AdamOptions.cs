using FastGrad.Optimization.Options;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The options of <see cref="Adam"/>.</summary>
public sealed record AdamOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ, added to the gradient as λθ, or decoupled and then times η. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to divide by the root of the largest average so far. Default false.</summary>
    public bool AmsGrad { get; set; }

    /// <summary>Whether the decay stays out of the moments, as in <see cref="AdamW"/>. Default false.</summary>
    public bool DecoupledDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdamOptions> Table { get; } = new OptionTable<AdamOptions>("adam")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decay λ, coupled or decoupled", OptionMeaning.Decay)
        .Flag("amsgrad", o => o.AmsGrad, (o, v) => o.AmsGrad = v, "the largest squared average so far (AMSGrad)")
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend")
        .Flag("decoupled_weight_decay", o => o.DecoupledDecay, (o, v) => o.DecoupledDecay = v, "decay outside the moments");
}
