using FastGrad.Optimization.Plugins;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Minimizers by name: descent, conjugate gradients, quasi-Newton, Newton, trust regions, least squares, proximal, simplex.</summary>
public sealed class MinimizersPlugin : IFastGradPlugin
{
    /// <inheritdoc/>
    public PluginManifest Manifest { get; } = new("FastGrad.Minimizers", "0.1.0", Contract: 1);

    /// <inheritdoc/>
    public void Register(IPluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add(new GradientDescent());
        registry.Add(new GradientDescent(wolfe: true));
        foreach (ConjugateGradientFormula formula in Enum.GetValues<ConjugateGradientFormula>())
            registry.Add(new ConjugateGradient(formula));
        registry.Add(new Bfgs());
        registry.Add(new Lbfgs());
        registry.Add(new LbfgsB());
        registry.Add(new DampedNewton());
        registry.Add(new NewtonCg());
        registry.Add(new TrustRegion());
        registry.Add(new TrustRegion(TrustRegionStep.Dogleg));
        registry.Add(new GaussNewton());
        registry.Add(new LevenbergMarquardt());
        registry.Add(new ProximalGradient());
        registry.Add(new ProximalGradient(accelerated: false));
        registry.Add(new ProjectedGradient());
        registry.Add(new NelderMead());
    }
}
