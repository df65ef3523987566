using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.Modern.Wrappers;

namespace FastGrad.Plugins.Modern;

/// <summary>Modern optimizers: large batches, preconditioning, curvature, parameter-free steps, schedule-free averages; and wrappers.</summary>
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

        registry.Add(new SharpnessAware());
        registry.Add(new Lookahead());
        registry.Add(new MovingAverage());
        registry.Add(new StochasticWeightAverage());
        registry.Add(new Centralization());
        registry.Add(new Cautious());
        registry.Add(new Accumulation());
        registry.Add(new SkipNonFinite());
        registry.Add(new ClipNorm());
        registry.Add(new ClipGroups());
        registry.Add(new ClipValue());
        registry.Add(new AdaptiveClip());
    }
}
