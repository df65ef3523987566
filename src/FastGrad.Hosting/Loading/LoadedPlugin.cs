using FastGrad.Optimization.Plugins;

namespace FastGrad.Hosting.Loading;

/// <summary>A plugin from a file: whatever it throws says which file it is.</summary>
internal sealed class LoadedPlugin(string file, IFastGradPlugin plugin) : IFastGradPlugin
{
    public string File { get; } = file;

    public PluginManifest Manifest { get; } = plugin.Manifest ?? throw new InvalidOperationException("The plugin has no manifest.");

    public void Register(IPluginRegistry registry)
    {
        try
        {
            plugin.Register(registry);
        }
        catch (PluginClashException clash)
        {
            throw new PluginLoadException(File, PluginFault.NameClash, clash.Message, clash);
        }
        catch (Exception error)
        {
            throw new PluginLoadException(File, PluginFault.Failed, $"plugin '{Manifest.Name}' threw {error.GetType().Name} while it registered: {error.Message}", error);
        }
    }
}
