using FastGrad.Optimization.Plugins;

namespace FastGrad.Plugins.Schedules;

/// <summary>Schedules: constant, step, exponential, cosine, linear-warmup, warmup-cosine.</summary>
public sealed class SchedulesPlugin : IFastGradPlugin
{
    /// <inheritdoc/>
    public PluginManifest Manifest { get; } = new("FastGrad.Schedules", "0.1.0", Contract: 1);

    /// <inheritdoc/>
    public void Register(IPluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add(Constant.Definition);
        registry.Add(Step.Definition);
        registry.Add(Exponential.Definition);
        registry.Add(Cosine.Definition);
        registry.Add(LinearWarmup.Definition);
        registry.Add(WarmupCosine.Definition);
    }
}
