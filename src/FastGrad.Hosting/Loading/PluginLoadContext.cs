using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace FastGrad.Hosting.Loading;

/// <summary>Where one plugin's assemblies live: FastGrad is the host's, the rest comes from beside the plugin, else from the host.</summary>
/// <remarks>
/// Not collectible: kernels compiled for a plugin's rules keep it alive for as long as the process, so a promise to unload could not be
/// kept. No security boundary either: a plugin's code may do whatever the process may.
/// </remarks>
[RequiresUnreferencedCode("Plugins are loaded from files that trimming has not seen.")]
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    private static readonly AssemblyLoadContext s_host = GetLoadContext(typeof(PluginLoadContext).Assembly) ?? Default;

    private readonly AssemblyDependencyResolver _beside;

    /// <param name="file">The plugin's file, as a full path.</param>
    /// <exception cref="InvalidOperationException">The file's <c>.deps.json</c> is broken.</exception>
    public PluginLoadContext(string file)
        : base(Path.GetFileNameWithoutExtension(file)) => _beside = new(file);

    /// <summary>The host's assembly of that name; null where it has none.</summary>
    public static Assembly? InHost(AssemblyName name)
    {
        try
        {
            return s_host.LoadFromAssemblyName(new AssemblyName(name.Name!)); // of any version: which one is the caller's question
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>Whether the assembly must be the host's, so that its types are the same for host and plugin. Copies beside the plugin are ignored.</summary>
    public static bool IsShared(AssemblyName name) =>
        (name.Name == "FastGrad" || name.Name!.StartsWith("FastGrad.", StringComparison.Ordinal)) && InHost(name) is not null;

    /// <summary>The file of an assembly that comes with the plugin; null where none does.</summary>
    public string? Beside(AssemblyName name) => _beside.ResolveAssemblyToPath(name);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        IsShared(assemblyName) ? InHost(assemblyName)
        : Beside(assemblyName) is { } path ? LoadFromAssemblyPath(path)
        : InHost(assemblyName);

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _beside.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
