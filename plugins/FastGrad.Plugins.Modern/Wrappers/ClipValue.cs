using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>g ← min(c, max(−c, g)) for each element.</summary>
/// <remarks>
/// PyTorch's clip_grad_value_. NaN stays NaN.
/// </remarks>
public sealed class ClipValue : WrapperDefinition<ClipValueOptions>
{
    /// <inheritdoc/>
    public override string Name => "clip-value";

    /// <inheritdoc/>
    public override string Source => "Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063";

    /// <inheritdoc/>
    public override string Summary => "every element of the gradients is bounded";

    /// <inheritdoc/>
    public override OptionTable<ClipValueOptions> Options => ClipValueOptions.Table;

    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, ClipValueOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, ClipValueOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ClipValueOptions _o;
        private readonly IParameter<T>[] _parameters;

        public Wrapped(Optimizer<T> inner, ClipValueOptions o)
            : base("clip-value", inner)
        {
            (_o, _parameters) = (o, [.. inner.Parameters]);
        }

        public override StepReport Step(Objective<T>? objective = null)
        {
            GradientClipping.ByValue<T>(_parameters, _o.Bound, Workers);
            return Inner.Step(objective);
        }
    }
}

/// <summary>The options of <see cref="ClipValue"/>.</summary>
public sealed record ClipValueOptions
{
    /// <summary>c. Default 1.</summary>
    public double Bound { get; set; } = 1;

    /// <summary>The option table.</summary>
    public static OptionTable<ClipValueOptions> Table { get; } = new OptionTable<ClipValueOptions>("clip-value")
        .Real("max_value", o => o.Bound, (o, v) => o.Bound = v, OptionRange.Positive, "bound c");
}
