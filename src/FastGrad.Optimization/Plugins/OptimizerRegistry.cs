namespace FastGrad.Optimization.Plugins;

/// <summary>Optimizers by name.</summary>
public sealed class OptimizerRegistry : DefinitionTable<OptimizerDefinition>
{
    internal OptimizerRegistry(IReadOnlyList<(string Name, OptimizerDefinition Definition, PluginManifest Plugin)> rows)
        : base(rows)
    {
    }

    private protected override string Kind => "optimizer";
}
