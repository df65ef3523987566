using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using FastGrad.Optimization.Plugins;

namespace FastGrad.Hosting.Loading;

/// <summary>Plugins from the assemblies of a folder.</summary>
/// <remarks>
/// A plugin lies in the folder itself, or with its dependencies in a folder of its own within. Each file is first judged by its metadata:
/// only one with a plugin of this contract, all of whose dependencies are there, is loaded. A load context is no security boundary: load
/// what you would also reference.
/// </remarks>
public static class PluginFolder
{
    private const string Untrimmed = "Plugins are loaded from files that trimming has not seen.", Compiled = "Plugins are compiled when they are loaded.";

    /// <summary>Adds every plugin of a folder to a registry: all of a file, or nothing of it.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="refused">Hears of files that are refused, and the others are added; null to throw at the first.</param>
    /// <returns>The plugins added, in order of their files' names.</returns>
    /// <exception cref="PluginLoadException">A file is refused and <paramref name="refused"/> is null; what came before it stays.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="PlatformNotSupportedException">The program was compiled ahead of time.</exception>
    [RequiresUnreferencedCode(Untrimmed)]
    [RequiresDynamicCode(Compiled)]
    public static IReadOnlyList<PluginManifest> AddPluginsFrom(this PluginRegistry registry, string folder, Action<PluginLoadException>? refused = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        List<PluginManifest> added = [];
        foreach (IReadOnlyList<IFastGradPlugin> plugins in Read(folder, refused))
        {
            try
            {
                Add(registry, plugins);
                added.AddRange(plugins.Select(plugin => plugin.Manifest));
            }
            catch (PluginLoadException error) when (refused is not null)
            {
                refused(error);
            }
        }
        return added;
    }

    /// <summary>Adds one file's plugins; every error names the file.</summary>
    internal static void Add(PluginRegistry registry, IReadOnlyList<IFastGradPlugin> plugins)
    {
        try
        {
            registry.Add(plugins);
        }
        catch (PluginClashException clash) // two plugins of one name: seen before either registers
        {
            throw new PluginLoadException(((LoadedPlugin)plugins[0]).File, PluginFault.NameClash, clash.Message, clash);
        }
    }

    /// <summary>The plugins of each file that has any.</summary>
    [RequiresUnreferencedCode(Untrimmed)]
    [RequiresDynamicCode(Compiled)]
    internal static IEnumerable<IReadOnlyList<IFastGradPlugin>> Read(string folder, Action<PluginLoadException>? refused)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!RuntimeFeature.IsDynamicCodeSupported)
            throw new PlatformNotSupportedException("Plugins cannot be loaded from files in a program that was compiled ahead of time; reference them and use AddPlugin.");
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' to load plugins from.");
        return Directories(root).SelectMany(directory => ReadDirectory(directory, refused));

        static IEnumerable<string> Directories(string root) => [root, .. Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)];
    }

    [RequiresUnreferencedCode(Untrimmed)]
    private static IEnumerable<IReadOnlyList<IFastGradPlugin>> ReadDirectory(string directory, Action<PluginLoadException>? refused)
    {
        List<PluginFile> files = [];
        foreach (string path in Directory.EnumerateFiles(directory, "*.dll").Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase)
                || PluginLoadContext.IsShared(new AssemblyName { Name = Path.GetFileNameWithoutExtension(path) }))
                continue; // translations, and copies of the contract
            if (Try(() => PluginFile.Read(path), refused) is { } file)
                files.Add(file);
        }
        HashSet<string> needed = Needed(files);
        foreach (PluginFile file in files)
        {
            if (file.Contracts.IsEmpty && needed.Contains(file.Name))
                continue;
            if (Try(() => Load(file), refused) is { } plugins)
                yield return plugins;
        }
    }

    // What plugins refer to, directly or not, among the files of their directory.
    private static HashSet<string> Needed(List<PluginFile> files)
    {
        HashSet<string> needed = [];
        Stack<PluginFile> next = new(files.Where(file => !file.Contracts.IsEmpty));
        while (next.TryPop(out PluginFile? file))
        {
            foreach (PluginFile dependency in files.Where(other => file.References.Any(r => r.Name == other.Name)))
            {
                if (needed.Add(dependency.Name))
                    next.Push(dependency);
            }
        }
        return needed;
    }

    [RequiresUnreferencedCode(Untrimmed)]
    private static IReadOnlyList<IFastGradPlugin> Load(PluginFile file)
    {
        if (file.Contracts.IsEmpty)
            throw new PluginLoadException(file.Path, PluginFault.NoPlugin, "has no plugin: no [assembly: FastGradPlugin<…>], and no plugin beside it refers to it.");
        foreach (int contract in file.Contracts)
        {
            if (contract != PluginManifest.ContractVersion)
                throw new PluginLoadException(
                    file.Path, PluginFault.WrongContract, $"was compiled for contract {contract}; this host has contract {PluginManifest.ContractVersion}.");
        }
        try
        {
            PluginLoadContext context = new(file.Path);
            CheckDependencies(file, context);
            Assembly assembly = context.LoadFromAssemblyPath(file.Path);
            LoadedPlugin[] plugins = [.. assembly.GetCustomAttributes<FastGradPluginAttribute>().Select(attribute => new LoadedPlugin(file.Path, attribute.Create()))];
            return Array.Find(plugins, plugin => plugin.Manifest.Contract != PluginManifest.ContractVersion) is { Manifest: { } other }
                ? throw new PluginLoadException(file.Path, PluginFault.WrongContract, $"holds plugin '{other.Name}' for contract {other.Contract}; this host has contract {PluginManifest.ContractVersion}.")
                : plugins;
        }
        catch (Exception error) when (error is not PluginLoadException)
        {
            Exception cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw new PluginLoadException(file.Path, PluginFault.Failed, $"threw {cause.GetType().Name} while it was loaded: {cause.Message}", cause);
        }
    }

    [RequiresUnreferencedCode(Untrimmed)]
    private static void CheckDependencies(PluginFile plugin, PluginLoadContext context)
    {
        HashSet<string> seen = [];
        Stack<PluginFile> next = new([plugin]);
        while (next.TryPop(out PluginFile? file))
        {
            foreach (AssemblyName reference in file.References)
            {
                if (!seen.Add(reference.Name!))
                    continue;
                if (!PluginLoadContext.IsShared(reference) && context.Beside(reference) is { } path)
                {
                    next.Push(PluginFile.Read(path));
                    continue;
                }
                Version? present = PluginLoadContext.InHost(reference)?.GetName().Version;
                if (present is null || present < reference.Version)
                    throw new PluginLoadException(
                        plugin.Path, PluginFault.MissingDependency,
                        $"{(file == plugin ? "" : $"its dependency {file.Name} ")}needs {reference.Name} {reference.Version}, {(present is null ? "which is neither beside it nor in the host" : $"but the host has {present}")}.");
            }
        }
    }

    private static TResult? Try<TResult>(Func<TResult> read, Action<PluginLoadException>? refused)
        where TResult : class
    {
        try
        {
            return read();
        }
        catch (PluginLoadException error) when (refused is not null)
        {
            refused(error);
            return null;
        }
    }
}
