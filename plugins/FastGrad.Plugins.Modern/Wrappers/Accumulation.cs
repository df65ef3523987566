using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>Accumulation: n calls make one update, with the mean of their gradients; the others only add.</summary>
/// <remarks>
/// For hosts without accumulation of their own; the training step's weighs micro-batches by their rows. A parameter that has no gradient in
/// the last of the n calls keeps what it has for the next update. Clipping and skipping inside see the mean.
/// </remarks>
public sealed class Accumulation() : WrapperDefinition<AccumulationOptions>(
    "accumulate",
    "Goyal et al. 2017, arXiv:1706.02677, section 3",
    "several calls make one update with the mean of their gradients",
    AccumulationOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, AccumulationOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, AccumulationOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AccumulationOptions _o;
        private readonly T[][] _sum;
        private readonly long[] _calls;

        public Wrapped(Optimizer<T> inner, AccumulationOptions o)
            : base("accumulate", inner)
        {
            (_o, _sum, _calls) = (o, Remember("sum"), Count("calls"));
        }

        public override StepReport Step(Objective<T>? objective = null)
        {
            for (int p = 0; p < _sum.Length; p++)
            {
                if (Parameters[p].TryGetGradient(out Span<T> gradient))
                    SpanRules.Apply(new Blend<T>(1, 1), _sum[p], (ReadOnlySpan<T>)gradient, Workers);
            }
            if (++_calls[0] % _o.Calls != 0)
                return new(Applied: false, double.NaN, 1);
            for (int p = 0; p < _sum.Length; p++)
            {
                if (!Parameters[p].TryGetGradient(out Span<T> gradient))
                    continue;
                SpanRules.Apply(new Blend<T>(0, 1.0 / _o.Calls), gradient, (ReadOnlySpan<T>)_sum[p], Workers);
                Array.Clear(_sum[p]);
            }
            return Inner.Step(objective);
        }
    }
}

/// <summary>The options of <see cref="Accumulation"/>.</summary>
public sealed record AccumulationOptions
{
    /// <summary>n, the calls of an update. Default 4.</summary>
    public long Calls { get; set; } = 4;

    /// <summary>The option table.</summary>
    public static OptionTable<AccumulationOptions> Table { get; } = new OptionTable<AccumulationOptions>("accumulate")
        .Integer("steps", o => o.Calls, (o, v) => o.Calls = v, new(1, 1e9), "calls of an update");
}
