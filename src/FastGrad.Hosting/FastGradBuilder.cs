using System.Diagnostics.CodeAnalysis;
using FastGrad.Hosting.Loading;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FastGrad.Hosting;

/// <summary>What <c>AddFastGrad()</c> returns: plugins and named optimizers are added here.</summary>
public sealed class FastGradBuilder
{
    private readonly List<IFastGradPlugin> _plugins = [];

    internal FastGradBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services being configured.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a plugin; the same type a second time adds nothing.</summary>
    public FastGradBuilder AddPlugin<TPlugin>()
        where TPlugin : IFastGradPlugin, new() => AddPlugin(new TPlugin());

    /// <summary>Adds a plugin; the same type a second time adds nothing.</summary>
    public FastGradBuilder AddPlugin(IFastGradPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        if (!_plugins.Exists(p => p.GetType() == plugin.GetType()))
            _plugins.Add(plugin);
        return this;
    }

    /// <summary>Loads and adds every plugin of a folder: all of a file, or nothing of it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="refused">Hears of files that are refused, and the others are added; null to throw at the first.</param>
    /// <exception cref="PluginLoadException">A file is refused and <paramref name="refused"/> is null; what came before it stays.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="PlatformNotSupportedException">The program was compiled ahead of time.</exception>
    /// <remarks>A load context is no security boundary: load what you would also reference. See <see cref="PluginFolder"/>.</remarks>
    [RequiresUnreferencedCode("Plugins are loaded from files that trimming has not seen.")]
    [RequiresDynamicCode("Plugins are compiled when they are loaded.")]
    public FastGradBuilder AddPluginsFrom(string folder, Action<PluginLoadException>? refused = null)
    {
        PluginRegistry trial = BuildRegistry(); // a clash is told here, where the folder is named, and not when services are made
        foreach (IReadOnlyList<IFastGradPlugin> plugins in PluginFolder.Read(folder, refused))
        {
            try
            {
                PluginFolder.Add(trial, plugins);
                _plugins.AddRange(plugins);
            }
            catch (PluginLoadException error) when (refused is not null)
            {
                refused(error);
            }
        }
        return this;
    }

    /// <summary>Adds a factory under a key of one's own: an optimizer with its options and settings.</summary>
    /// <param name="key">The key, such as <c>encoder</c>.</param>
    /// <param name="optimizer">The optimizer's name.</param>
    /// <param name="values">The options that differ from their defaults.</param>
    /// <param name="settings">Groups, schedules, clipping.</param>
    /// <remarks>Names and values are checked when the factory is first asked for, since plugins may still follow.</remarks>
    public FastGradBuilder AddOptimizer(string key, string optimizer, OptionValues? values = null, OptimizerSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(optimizer);
        Services.AddKeyedSingleton(key, (provider, _) =>
            new OptimizerFactory(provider.GetRequiredService<OptimizerRegistry>()[optimizer], values, settings));
        return this;
    }

    /// <summary>Adds a factory under a key of one's own from configuration; see <see cref="OptimizerConfigurationReader"/> for the form.</summary>
    public FastGradBuilder AddOptimizer(string key, IConfigurationSection section)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(section);
        Services.AddKeyedSingleton(key, (provider, _) => OptimizerConfigurationReader.Read(
            section, provider.GetRequiredService<PluginRegistry>()));
        return this;
    }

    internal PluginRegistry BuildRegistry() => new(_plugins);
}
