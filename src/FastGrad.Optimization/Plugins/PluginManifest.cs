namespace FastGrad.Optimization.Plugins;

/// <summary>Who a plugin is.</summary>
/// <param name="Name">The plugin's name, such as <c>Contoso.Lion</c>; unique in a registry.</param>
/// <param name="Version">The plugin's own version.</param>
/// <param name="Contract">Left out: the version of the contract that the plugin is compiled for.</param>
public sealed record PluginManifest(string Name, string Version, int Contract = PluginManifest.ContractVersion)
{
    /// <summary>The version of the contract of this library. It changes when plugins must be compiled anew.</summary>
    public const int ContractVersion = 1;
}
