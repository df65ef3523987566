using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>
/// Stochastic weight averaging: from update s on, after every c updates, a ← a + (θ − a)/n, n the weights averaged; a is what
/// EvaluationWeights() puts in.
/// </summary>
/// <remarks>
/// Izmailov et al. 2018, arXiv:1803.05407, algorithm 1. Before update s the weights themselves are evaluated. Statistics that belong to the
/// weights, such as a batch normalization's, are the host's to take anew; FastGrad's trainer does.
/// </remarks>
public sealed class StochasticWeightAverage() : WrapperDefinition<StochasticWeightAverageOptions>(
    "swa",
    "Izmailov et al. 2018, arXiv:1803.05407",
    "the mean of the weights from an update on, for evaluation",
    StochasticWeightAverageOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, StochasticWeightAverageOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, StochasticWeightAverageOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly StochasticWeightAverageOptions _o;
        private readonly T[][] _average;
        private readonly long[] _count;

        public Wrapped(Optimizer<T> inner, StochasticWeightAverageOptions o)
            : base("swa", inner)
        {
            (_o, _average, _count) = (o, Remember("average"), Count("averaged"));
        }

        protected override void AfterUpdate()
        {
            if (Updates <= _o.Start || (Updates - _o.Start) % _o.Every != 0)
                return;
            double share = 1.0 / ++_count[0];
            for (int p = 0; p < _average.Length; p++)
                SpanRules.Apply(new Blend<T>(1 - share, share), _average[p], (ReadOnlySpan<T>)Parameters[p].Value, Workers);
        }

        public override EvaluationScope EvaluationWeights() => _count[0] > 0 ? Swap(_average) : Inner.EvaluationWeights();
    }
}

/// <summary>The options of <see cref="StochasticWeightAverage"/>.</summary>
public sealed record StochasticWeightAverageOptions
{
    /// <summary>s, the updates before the average begins. Default 0.</summary>
    public long Start { get; set; }

    /// <summary>c, the updates between two weights averaged. Default 1.</summary>
    public long Every { get; set; } = 1;

    /// <summary>The option table.</summary>
    public static OptionTable<StochasticWeightAverageOptions> Table { get; } = new OptionTable<StochasticWeightAverageOptions>("swa")
        .Integer("start", o => o.Start, (o, v) => o.Start = v, new(0, 1L << 53), "updates before the average begins")
        .Integer("every", o => o.Every, (o, v) => o.Every = v, new(1, 1e9), "updates between two weights averaged");
}
