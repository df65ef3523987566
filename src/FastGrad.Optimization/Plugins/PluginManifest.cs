namespace FastGrad.Optimization.Plugins;

/// <summary>Who a plugin is.</summary>
/// <param name="Name">The plugin's name, such as <c>Contoso.Lion</c>; unique in a registry.</param>
/// <param name="Version">The plugin's own version.</param>
/// <param name="Contract">The version of the contract it was written for: <see cref="ContractVersion"/> at that time.</param>
public sealed record PluginManifest(string Name, string Version, int Contract)
{
    /// <summary>The version of the contract of this library. It changes when plugins must be compiled anew.</summary>
    public const int ContractVersion = 1;
}
