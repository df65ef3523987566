using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>g ← g·min(1, c/(‖g‖ + 1e-6)), ‖g‖ over the gradients of a parameter group.</summary>
/// <remarks>
/// Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, algorithm 1, for each group by itself.
/// </remarks>
public sealed class ClipGroups() : WrapperDefinition<ClipGroupsOptions>(
    "clip-groups",
    "Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063",
    "the norm of each group's gradients is bounded",
    ClipGroupsOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, ClipGroupsOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, ClipGroupsOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T>(Optimizer<T> inner, ClipGroupsOptions o) : OptimizerWrapper<T>("clip-groups", inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly IParameter<T>[][] _groups =
            [.. inner.Groups.Select(g => inner.Parameters.Where(p => g.Parameters.Any(i => i.Name == p.Info.Name)).ToArray())];

        protected override void BeforeStep()
        {
            foreach (IParameter<T>[] group in _groups)
                GradientClipping.ByNorm<T>(group, o.Bound, Workers);
        }
    }
}

/// <summary>The options of <see cref="ClipGroups"/>.</summary>
public sealed record ClipGroupsOptions
{
    /// <summary>c. Default 1.</summary>
    public double Bound { get; set; } = 1;

    /// <summary>The option table.</summary>
    public static OptionTable<ClipGroupsOptions> Table { get; } = new OptionTable<ClipGroupsOptions>("clip-groups")
        .Real("max_norm", o => o.Bound, (o, v) => o.Bound = v, OptionRange.Positive, "bound c");
}
