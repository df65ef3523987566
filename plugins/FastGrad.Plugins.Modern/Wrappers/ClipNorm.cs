using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>g ← g·min(1, c/(‖g‖ + 1e-6)), ‖g‖ over all gradients together.</summary>
/// <remarks>
/// Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, algorithm 1, as PyTorch's clip_grad_norm_. The report has the norm.
/// </remarks>
public sealed class ClipNorm() : WrapperDefinition<ClipNormOptions>(
    "clip-norm",
    "Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063",
    "the norm of all gradients together is bounded",
    ClipNormOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, ClipNormOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, ClipNormOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T>(Optimizer<T> inner, ClipNormOptions o) : OptimizerWrapper<T>("clip-norm", inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly IParameter<T>[] _parameters = [.. inner.Parameters];

        public override StepReport Step(Objective<T>? objective = null)
        {
            (double norm, double coefficient) = GradientClipping.ByNorm<T>(_parameters, o.Bound, Workers);
            return base.Step(objective) with { GradientNorm = norm, ClipCoefficient = coefficient };
        }
    }
}

/// <summary>The options of <see cref="ClipNorm"/>.</summary>
public sealed record ClipNormOptions
{
    /// <summary>c. Default 1.</summary>
    public double Bound { get; set; } = 1;

    /// <summary>The option table.</summary>
    public static OptionTable<ClipNormOptions> Table { get; } = new OptionTable<ClipNormOptions>("clip-norm")
        .Real("max_norm", o => o.Bound, (o, v) => o.Bound = v, OptionRange.Positive, "bound c");
}
