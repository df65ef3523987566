namespace FastGrad.Optimization.Plugins;

/// <summary>A set of optimizers and schedules that registers itself. Built-in ones use this same door.</summary>
public interface IFastGradPlugin
{
    /// <summary>Name, version, contract.</summary>
    PluginManifest Manifest { get; }

    /// <summary>Adds the plugin's definitions. If it throws, or a name clashes, nothing of it stays in the registry.</summary>
    void Register(IPluginRegistry registry);
}
