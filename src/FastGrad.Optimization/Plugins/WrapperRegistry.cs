using FastGrad.Optimization.Wrappers;

namespace FastGrad.Optimization.Plugins;

/// <summary>Wrappers by name.</summary>
public sealed class WrapperRegistry : DefinitionTable<WrapperDefinition>
{
    internal WrapperRegistry(IReadOnlyList<(string Name, WrapperDefinition Definition, PluginManifest Plugin)> rows)
        : base(rows)
    {
    }

    private protected override string Kind => "wrapper";
}
