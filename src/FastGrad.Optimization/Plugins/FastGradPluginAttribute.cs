namespace FastGrad.Optimization.Plugins;

/// <summary>Says that an assembly brings a plugin, for loading from a folder; written as <see cref="FastGradPluginAttribute{TPlugin}"/>.</summary>
public abstract class FastGradPluginAttribute : Attribute
{
    private protected FastGradPluginAttribute(int contract) => Contract = contract;

    /// <summary>The contract that the assembly was compiled for.</summary>
    public int Contract { get; }

    /// <summary>Makes the plugin.</summary>
    public abstract IFastGradPlugin Create();
}

/// <summary>Says that an assembly brings a plugin: <c>[assembly: FastGradPlugin&lt;LionPlugin&gt;]</c>.</summary>
/// <remarks>
/// The compiler writes the version of the contract into the assembly, and a host reads it there without loading anything. So this class's
/// name and the parameter of its constructor stay what they are in every later contract.
/// </remarks>
/// <typeparam name="TPlugin">The plugin.</typeparam>
/// <param name="contract">Left out: the version of the contract that the assembly is compiled for.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class FastGradPluginAttribute<TPlugin>(int contract = PluginManifest.ContractVersion) : FastGradPluginAttribute(contract)
    where TPlugin : IFastGradPlugin, new()
{
    /// <inheritdoc/>
    public override IFastGradPlugin Create() => new TPlugin();
}
