using FastGrad.Optimization.Plugins;

namespace FastGrad.Plugins.Schedules;

/// <summary>Schedules of learning rates and other hyperparameters.</summary>
public sealed class SchedulesPlugin : IFastGradPlugin
{
    /// <inheritdoc/>
    public PluginManifest Manifest { get; } = new("FastGrad.Schedules", "0.1.0", Contract: 1);

    /// <inheritdoc/>
    public void Register(IPluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add(Constant.Definition);
        registry.Add(Linear.Definition);
        registry.Add(Step.Definition);
        registry.Add(MultiStep.Definition);
        registry.Add(Exponential.Definition);
        registry.Add(Polynomial.Definition);
        registry.Add(Cosine.Definition);
        registry.Add(CosineAnnealing.Definition);
        registry.Add(CosineRestarts.Definition);
        registry.Add(LinearWarmup.Definition);
        registry.Add(WarmupCosine.Definition);
        registry.Add(WarmupLinear.Definition);
        registry.Add(WarmupStableDecay.Definition);
        registry.Add(InverseSquareRoot.Definition);
        registry.Add(OneCycle.Definition);
        registry.Add(OneCycleMomentum.Definition);
        registry.Add(Cyclic.Definition);
        registry.Add(Rex.Definition);
        registry.Add(Chebyshev.Definition);
        registry.Add(ReduceOnPlateau.Definition);
    }
}
