using FastGrad.Optimization.Options;

namespace Contoso.HeavyBall;

/// <summary>The options of <see cref="HeavyBallOptimizer"/>; their initial values are the defaults.</summary>
public sealed record HeavyBallOptions
{
    /// <summary>η, the step size.</summary>
    public double LearningRate { get; set; } = 0.01;

    /// <summary>β, the share of the last step that is kept.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>λ, the weight decay.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Names, ranges and meanings: for configuration, command lines, listings, schedules and error texts.</summary>
    public static OptionTable<HeavyBallOptions> Table { get; } = new OptionTable<HeavyBallOptions>("heavy-ball")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "share β of the last step that is kept")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decay λ, added to the gradient times θ", OptionMeaning.Decay);
}
