using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>An exponential average of the weights: a ← da + (1 − d)θ after every update; a is what EvaluationWeights() puts in.</summary>
/// <remarks>
/// Polyak and Juditsky 1992; in this form: Tarvainen and Valpola 2017, arXiv:1703.01780. a begins at the weights there are; with a warm-up
/// d is at most (1 + t)/(10 + t) at update t.
/// </remarks>
public sealed class MovingAverage() : WrapperDefinition<MovingAverageOptions>(
    "ema",
    "Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4)",
    "an exponential average of the weights, for evaluation",
    MovingAverageOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, MovingAverageOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, MovingAverageOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly MovingAverageOptions _o;
        private readonly T[][] _average;

        public Wrapped(Optimizer<T> inner, MovingAverageOptions o)
            : base("ema", inner)
        {
            (_o, _average) = (o, Remember("average"));
            for (int p = 0; p < _average.Length; p++)
                inner.Parameters[p].Value.CopyTo(_average[p]);
        }

        protected override void AfterUpdate()
        {
            double decay = _o.Warmup ? Math.Min(_o.Decay, (1.0 + Updates) / (10 + Updates)) : _o.Decay;
            for (int p = 0; p < _average.Length; p++)
                SpanRules.Apply(new Blend<T>(decay, 1 - decay), _average[p], (ReadOnlySpan<T>)Parameters[p].Value, Workers);
        }

        public override EvaluationScope EvaluationWeights() => Swap(_average);
    }
}

/// <summary>The options of <see cref="MovingAverage"/>.</summary>
public sealed record MovingAverageOptions
{
    /// <summary>d. Default 0.999.</summary>
    public double Decay { get; set; } = 0.999;

    /// <summary>Whether d rises with the updates. Default false.</summary>
    public bool Warmup { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<MovingAverageOptions> Table { get; } = new OptionTable<MovingAverageOptions>("ema")
        .Real("decay", o => o.Decay, (o, v) => o.Decay = v, OptionRange.Fraction, "decay d")
        .Flag("warmup", o => o.Warmup, (o, v) => o.Warmup = v, "d rises with the updates");
}
