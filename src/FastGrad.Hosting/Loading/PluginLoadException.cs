namespace FastGrad.Hosting.Loading;

/// <summary>A plugin's file was refused; the text begins with the file, and nothing of it is registered.</summary>
/// <param name="file">The file.</param>
/// <param name="fault">Why.</param>
/// <param name="reason">Why, as a sentence.</param>
/// <param name="inner">What was thrown; null where nothing was.</param>
public sealed class PluginLoadException(string file, PluginFault fault, string reason, Exception? inner = null) : Exception($"{file}: {reason}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>Why.</summary>
    public PluginFault Fault { get; } = fault;
}
