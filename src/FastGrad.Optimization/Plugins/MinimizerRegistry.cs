using FastGrad.Optimization.Minimization;

namespace FastGrad.Optimization.Plugins;

/// <summary>Minimizers by name.</summary>
public sealed class MinimizerRegistry : DefinitionTable<Minimizer>
{
    internal MinimizerRegistry(IReadOnlyList<(string Name, Minimizer Definition, PluginManifest Plugin)> rows)
        : base(rows)
    {
    }

    private protected override string Kind => "minimizer";
}
