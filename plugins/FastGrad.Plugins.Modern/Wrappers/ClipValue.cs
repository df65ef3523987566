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
public sealed class ClipValue() : WrapperDefinition<ClipValueOptions>(
    "clip-value",
    "Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063",
    "every element of the gradients is bounded",
    ClipValueOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, ClipValueOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, ClipValueOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T>(Optimizer<T> inner, ClipValueOptions o) : OptimizerWrapper<T>("clip-value", inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly IParameter<T>[] _parameters = [.. inner.Parameters];

        protected override void BeforeStep() => GradientClipping.ByValue<T>(_parameters, o.Bound, Workers);
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
