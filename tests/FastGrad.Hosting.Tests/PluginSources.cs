using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FastGrad.Hosting.Tests;

/// <summary>Compiles small plugins, as their authors would, into a folder that goes with the test.</summary>
internal sealed class PluginSources : IDisposable
{
    private static readonly string[] s_platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    public string Folder { get; } = Directory.CreateTempSubdirectory("fastgrad-plugins-").FullName;

    /// <summary>A plugin that registers one schedule by name, with more code in its registration and its file.</summary>
    public static string Plugin(string name, string schedule, string registration = "", string attribute = "", string manifest = "", string more = "") => $$"""
        using System;
        using FastGrad.Optimization.Options;
        using FastGrad.Optimization.Plugins;
        using FastGrad.Optimization.Schedules;
        [assembly: FastGradPlugin<ThePlugin>{{attribute}}]
        public sealed class ThePlugin : IFastGradPlugin
        {
            public PluginManifest Manifest { get; } = new("{{name}}", "1.2.3"{{manifest}});
            public void Register(IPluginRegistry registry)
            {
                registry.Add(new ScheduleDefinition<TheOptions>("{{schedule}}", "v(t) = v0", "none", new OptionTable<TheOptions>("{{schedule}}"), (v, _) => new TheSchedule(v)));
                {{registration}}
            }
        }
        public sealed class TheOptions { }
        public sealed class TheSchedule(double value) : ISchedule { public double At(long step) => value; }
        {{more}}
        """;

    /// <summary>Compiles a file of the folder, which may refer to others of it.</summary>
    /// <returns>Its full path.</returns>
    public string Compile(string file, string source, params string[] references)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A file of the folder takes the place of one of the platform with its name.
        string[] replaced = [.. references.Select(Path.GetFileName)!];
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(file),
            [CSharpSyntaxTree.ParseText(source)],
            [.. s_platform.Where(p => !replaced.Contains(Path.GetFileName(p))).Concat(references.Select(r => Path.Combine(Folder, r))).Select(p => MetadataReference.CreateFromFile(p))],
            new(OutputKind.DynamicallyLinkedLibrary));
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }

    public void Dispose()
    {
        // What is loaded cannot be deleted on every system; the folder is a temporary one.
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
