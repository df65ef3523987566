using FastGrad.Optimization.Plugins;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>First-order optimizers: PyTorch's, with Lion, Signum and FTRL-proximal.</summary>
public sealed class FirstOrderPlugin : IFastGradPlugin
{
    /// <inheritdoc/>
    public PluginManifest Manifest { get; } = new("FastGrad.FirstOrder", "0.1.0", Contract: 1);

    /// <inheritdoc/>
    public void Register(IPluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add(new Sgd());
        registry.Add(new Asgd());
        registry.Add(new Signum());
        registry.Add(new Rprop());
        registry.Add(new Adagrad());
        registry.Add(new Adadelta());
        registry.Add(new Ftrl());
        registry.Add(new RmsProp());
        registry.Add(new Adam());
        registry.Add(new AdamW());
        registry.Add(new Adamax());
        registry.Add(new NAdam());
        registry.Add(new RAdam());
        registry.Add(new Adafactor());
        registry.Add(new Lion());
        registry.Add(new Muon());
        registry.Add(new Lbfgs());
    }
}
