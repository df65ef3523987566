using System.CommandLine;
using FastGrad.Hosting.Loading;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Wrappers;
using FastGrad.Plugins;

namespace FastGrad.Cli.Commands;

/// <summary>What the command line says of plugins: folders of them, and wrappers by name.</summary>
internal static class PluginOptions
{
    public static Option<string?> Folder() => new("--plugins")
    {
        Description = "A folder with plugins of your own: assemblies, or one folder each. They run as part of the tool: load what you trust.",
    };

    public static Option<string[]> Wrap() => new("--wrap")
    {
        Description = "Put a wrapper around the optimizer, NAME or NAME:key=value,key=value; may be repeated, the innermost first.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The standard plugins and those of the folder.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="refused">Hears of files that are refused; null to throw at the first.</param>
    public static PluginRegistry Read(string? folder, Action<PluginLoadException>? refused = null)
    {
        PluginRegistry registry = new(StandardPlugins.All);
        if (folder is not null)
            UsageException.Wrap(() => registry.AddPluginsFrom(folder, refused));
        return registry;
    }

    /// <summary>A wrapper with options.</summary>
    /// <exception cref="ArgumentException">Name, option or value is unknown or out of range.</exception>
    public static WrapperBinding Bind(string text, WrapperRegistry wrappers)
    {
        NamedOptions wrapper = NamedOptions.Parse(text);
        return wrappers[wrapper.Name].Bind(wrapper.Values);
    }
}
