using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>Lookahead: after every k updates slow weights φ ← φ + α(θ − φ), and θ ← φ.</summary>
/// <remarks>
/// Zhang et al. 2019, arXiv:1907.08610, algorithm 1. The inner optimizer's state is left alone.
/// </remarks>
public sealed class Lookahead() : WrapperDefinition<LookaheadOptions>(
    "lookahead",
    "Zhang et al. 2019, arXiv:1907.08610",
    "every k updates a step of slow weights towards the fast ones",
    LookaheadOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, LookaheadOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, LookaheadOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly LookaheadOptions _o;
        private readonly T[][] _slow;

        public Wrapped(Optimizer<T> inner, LookaheadOptions o)
            : base("lookahead", inner)
        {
            (_o, _slow) = (o, Remember("slow"));
            for (int p = 0; p < _slow.Length; p++)
                inner.Parameters[p].Value.CopyTo(_slow[p]);
        }

        protected override void AfterUpdate()
        {
            if (Updates % _o.Every != 0)
                return;
            for (int p = 0; p < _slow.Length; p++)
            {
                SpanRules.Apply(new Blend<T>(1 - _o.Share, _o.Share), _slow[p], (ReadOnlySpan<T>)Parameters[p].Value, Workers);
                _slow[p].CopyTo(Parameters[p].Value);
            }
        }
    }
}

/// <summary>The options of <see cref="Lookahead"/>.</summary>
public sealed record LookaheadOptions
{
    /// <summary>k, the updates between two steps of the slow weights. Default 5.</summary>
    public long Every { get; set; } = 5;

    /// <summary>α, the step of the slow weights. Default 0.5.</summary>
    public double Share { get; set; } = 0.5;

    /// <summary>The option table.</summary>
    public static OptionTable<LookaheadOptions> Table { get; } = new OptionTable<LookaheadOptions>("lookahead")
        .Integer("k", o => o.Every, (o, v) => o.Every = v, new(1, 1e9), "updates between two steps of the slow weights")
        .Real("alpha", o => o.Share, (o, v) => o.Share = v, OptionRange.Unit, "step α of the slow weights");
}
