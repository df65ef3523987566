namespace FastGrad.Optimization.Plugins;

/// <summary>Two plugins want one name; the text names both.</summary>
/// <param name="message">What clashes.</param>
/// <param name="newcomer">The plugin that is refused.</param>
/// <param name="holder">The plugin that has the name.</param>
public sealed class PluginClashException(string message, PluginManifest newcomer, PluginManifest holder) : ArgumentException(message)
{
    /// <summary>The plugin that is refused.</summary>
    public PluginManifest Newcomer { get; } = newcomer;

    /// <summary>The plugin that has the name.</summary>
    public PluginManifest Holder { get; } = holder;
}
