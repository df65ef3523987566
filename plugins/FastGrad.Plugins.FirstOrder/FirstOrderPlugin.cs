using FastGrad.Optimization.Plugins;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>First-order optimizers: sgd, rmsprop, adam, adamw.</summary>
public sealed class FirstOrderPlugin : IFastGradPlugin
{
    /// <inheritdoc/>
    public PluginManifest Manifest { get; } = new("FastGrad.FirstOrder", "0.1.0", Contract: 1);

    /// <inheritdoc/>
    public void Register(IPluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add(new Sgd());
        registry.Add(new RmsProp());
        registry.Add(new Adam());
        registry.Add(new AdamW());
    }
}
