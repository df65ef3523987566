using Contoso.HeavyBall;
using FastGrad.Optimization.Plugins;

// Where hosts that load plugins from a folder look.
[assembly: FastGradPlugin<HeavyBallPlugin>]

namespace Contoso.HeavyBall;

/// <summary>Brings <see cref="HeavyBallOptimizer"/>.</summary>
public sealed class HeavyBallPlugin : IFastGradPlugin
{
    /// <inheritdoc/>
    public PluginManifest Manifest { get; } = new("Contoso.HeavyBall", "1.0.0");

    /// <inheritdoc/>
    public void Register(IPluginRegistry registry) => registry.Add(new HeavyBallOptimizer());
}
