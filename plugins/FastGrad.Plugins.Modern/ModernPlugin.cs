using FastGrad.Optimization.Plugins;

namespace FastGrad.Plugins.Modern;

/// <summary>Modern optimizers: large batches, preconditioning, curvature, parameter-free steps, schedule-free averages.</summary>
public sealed class ModernPlugin : IFastGradPlugin
{
    /// <inheritdoc/>
    public PluginManifest Manifest { get; } = new("FastGrad.Modern", "0.1.0", Contract: 1);

    /// <inheritdoc/>
    public void Register(IPluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add(new Lars());
        registry.Add(new Lamb());
        registry.Add(new AdaBelief());
        registry.Add(new Yogi());
        registry.Add(new Adan());
        registry.Add(new NovoGrad());
        registry.Add(new Sm3());
        registry.Add(new QHAdam());
        registry.Add(new AdEMAMix());
        registry.Add(new Adopt());
        registry.Add(new Shampoo());
        registry.Add(new Soap());
        registry.Add(new SophiaH());
        registry.Add(new AdaHessian());
        registry.Add(new Prodigy());
        registry.Add(new DAdaptAdam());
        registry.Add(new DoG());
        registry.Add(new ScheduleFreeSgd());
        registry.Add(new ScheduleFreeAdamW());
        registry.Add(new Polyak());
        registry.Add(new StochasticPolyak());
    }
}
