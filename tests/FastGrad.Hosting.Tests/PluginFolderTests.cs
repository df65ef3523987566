using FastGrad.Hosting.Loading;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FastGrad.Hosting.Tests;

public sealed class PluginFolderTests : IDisposable
{
    private readonly PluginSources _sources = new();
    private readonly PluginRegistry _registry = new(StandardPlugins.All);

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void A_plugin_of_a_folder_is_like_any_other()
    {
        _sources.Compile("Contoso.dll", PluginSources.Plugin("Contoso", "flat"));
        PluginManifest added = Assert.Single(_registry.AddPluginsFrom(_sources.Folder));
        Assert.Equal(("Contoso", "1.2.3", PluginManifest.ContractVersion), (added.Name, added.Version, added.Contract));
        Assert.Equal(0.25, _registry.Schedules["flat"].Create(0.25).At(7));
        Assert.Equal("Contoso", _registry.Schedules.PluginOf("FLAT").Name);
    }

    /// <summary>Each has its own copy of what it brings, in a version of its own; the contract's copies beside it are not looked at.</summary>
    [Fact]
    public void Plugins_bring_their_dependencies_and_share_the_contract()
    {
        foreach ((string name, string value) in new[] { ("One", "1"), ("Two", "2") })
        {
            _sources.Compile($"{name}/Factor.dll", $"public static class Factor {{ public static double Value => {value}; }}");
            _sources.Compile(
                $"{name}/{name}.dll",
                PluginSources.Plugin(name, name.ToLowerInvariant()).Replace("=> value;", "=> value * Factor.Value;", StringComparison.Ordinal),
                $"{name}/Factor.dll");
            File.Copy(typeof(PluginManifest).Assembly.Location, Path.Combine(_sources.Folder, name, "FastGrad.Optimization.dll"));
        }
        Assert.Equal(["One", "Two"], _registry.AddPluginsFrom(_sources.Folder).Select(p => p.Name));
        Assert.Equal((0.5, 1.0), (_registry.Schedules["one"].Create(0.5).At(0), _registry.Schedules["two"].Create(0.5).At(0)));
    }

    [Fact]
    public void What_is_no_assembly_is_refused()
    {
        File.WriteAllText(Path.Combine(_sources.Folder, "Text.dll"), "not an assembly");
        Refused("Text.dll", PluginFault.Unreadable, "is no assembly of .NET.");
        File.WriteAllBytes(Path.Combine(_sources.Folder, "Text.dll"), []);
        Refused("Text.dll", PluginFault.Unreadable, "is empty, or no regular file.");
    }

    /// <summary>Nobody writes into the pipe, and the device never ends: either would be waited for, for ever.</summary>
    [Theory]
    [InlineData("mkfifo {0}")]
    [InlineData("ln -s /dev/zero {0}")]
    [InlineData("mkfifo {0}.pipe; ln -s {0}.pipe {0}")]
    public async Task A_pipe_or_a_device_is_refused_at_once(string make)
    {
        if (OperatingSystem.IsWindows())
            return;
        string path = Path.Combine(_sources.Folder, "Pipe.dll");
        using (System.Diagnostics.Process shell = System.Diagnostics.Process.Start("sh", ["-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, make, $"'{path}'").Replace("'.pipe", ".pipe'", StringComparison.Ordinal)]))
            await shell.WaitForExitAsync();
        await Task.Run(() => Refused("Pipe.dll", PluginFault.Unreadable, "is empty, or no regular file.")).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void An_assembly_without_a_plugin_is_refused()
    {
        _sources.Compile("Plain.dll", "public class Nothing { }");
        Refused("Plain.dll", PluginFault.NoPlugin, "has no plugin: no [assembly: FastGradPlugin<…>], and no plugin beside it refers to it.");
    }

    /// <summary>Known from the metadata: the plugin's type initializer, which would end the process, never runs.</summary>
    [Fact]
    public void Another_contract_is_refused_before_anything_is_loaded()
    {
        _sources.Compile("Future.dll", PluginSources.Plugin("Future", "flat", attribute: "(99)", more: "static class Trap { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Run() => Environment.Exit(7); }"));
        Refused("Future.dll", PluginFault.WrongContract, "was compiled for contract 99; this host has contract 1.");
    }

    [Fact]
    public void A_manifest_of_another_contract_is_refused()
    {
        _sources.Compile("Mixed.dll", PluginSources.Plugin("Mixed", "flat", manifest: ", 2"));
        Refused("Mixed.dll", PluginFault.WrongContract, "holds plugin 'Mixed' for contract 2; this host has contract 1.");
    }

    [Fact]
    public void A_missing_dependency_is_named_before_anything_is_loaded()
    {
        string deepest = _sources.Compile("Deepest.dll", "public static class Deepest { public static double Value => 1; }");
        string deep = _sources.Compile("Deep.dll", "public static class Deep { public static double Value => Deepest.Value; }", "Deepest.dll");
        _sources.Compile("Needy.dll", PluginSources.Plugin("Needy", "flat", registration: "_ = Deep.Value;"), "Deep.dll");
        File.Delete(deepest);
        Refused("Needy.dll", PluginFault.MissingDependency, "its dependency Deep needs Deepest 0.0.0.0, which is neither beside it nor in the host.");
        File.Delete(deep);
        Refused("Needy.dll", PluginFault.MissingDependency, "needs Deep 0.0.0.0, which is neither beside it nor in the host.");
    }

    [Fact]
    public void A_newer_contract_assembly_is_asked_of_the_host()
    {
        _sources.Compile("FastGrad.Optimization.dll", """
            using System;
            [assembly: System.Reflection.AssemblyVersion("9.0.0.0")]
            namespace FastGrad.Optimization.Plugins;
            public interface IFastGradPlugin { }
            public sealed class FastGradPluginAttribute<TPlugin>(int contract = 1) : Attribute where TPlugin : IFastGradPlugin { public int Contract => contract; }
            """);
        _sources.Compile("Newer.dll", """
            [assembly: FastGrad.Optimization.Plugins.FastGradPlugin<P>]
            public sealed class P : FastGrad.Optimization.Plugins.IFastGradPlugin { }
            """, "FastGrad.Optimization.dll");
        Version present = typeof(PluginManifest).Assembly.GetName().Version!;
        Refused("Newer.dll", PluginFault.MissingDependency, $"needs FastGrad.Optimization 9.0.0.0, but the host has {present}.");
    }

    [Fact]
    public void A_name_clash_names_both_parties()
    {
        string first = _sources.Compile("Clash.dll", PluginSources.Plugin("Contoso", "cosine"));
        Refused("Clash.dll", PluginFault.NameClash, "Schedule 'cosine' of plugin 'Contoso' is taken by plugin 'FastGrad.Schedules'.");
        File.Delete(first);
        _sources.Compile("Again.dll", PluginSources.Plugin("FastGrad.Schedules", "flat"));
        Refused("Again.dll", PluginFault.NameClash, "Plugin 'FastGrad.Schedules' 1.2.3 is registered already, as version 0.1.0.");
    }

    [Theory]
    [InlineData("throw new InvalidOperationException(\"no licence\");", "", "plugin 'Contoso' threw InvalidOperationException while it registered: no licence")]
    [InlineData("", "static class Trap { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Run() => throw new TimeoutException(\"too late\"); }", "threw ")]
    public void What_a_plugin_throws_is_contained(string registration, string more, string reason)
    {
        _sources.Compile("Thrower.dll", PluginSources.Plugin("Contoso", "flat", registration, more: more));
        Refused("Thrower.dll", PluginFault.Failed, reason);
    }

    [Fact]
    public void A_constructor_that_throws_is_contained()
    {
        _sources.Compile("Thrower.dll", PluginSources.Plugin("Contoso", "flat").Replace(
            "public PluginManifest", "public ThePlugin() => throw new TimeoutException(\"too late\"); public PluginManifest", StringComparison.Ordinal));
        Refused("Thrower.dll", PluginFault.Failed, "threw TimeoutException while it was loaded: too late");
    }

    [Fact]
    public void The_good_are_added_where_the_bad_are_reported()
    {
        _sources.Compile("A.dll", PluginSources.Plugin("A", "cosine"));
        _sources.Compile("B.dll", PluginSources.Plugin("B", "flat"));
        File.WriteAllText(Path.Combine(_sources.Folder, "C.dll"), "");
        List<PluginLoadException> refused = [];
        Assert.Equal("B", Assert.Single(_registry.AddPluginsFrom(_sources.Folder, refused.Add)).Name);
        Assert.Equal([("A.dll", PluginFault.NameClash), ("C.dll", PluginFault.Unreadable)], refused.Select(r => (Path.GetFileName(r.File), r.Fault)).Order());
        Assert.True(_registry.Schedules.TryFind("flat", out _));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_and_an_empty_one_is_none()
    {
        Assert.Empty(_registry.AddPluginsFrom(_sources.Folder));
        Assert.Throws<DirectoryNotFoundException>(() => _registry.AddPluginsFrom(Path.Combine(_sources.Folder, "nowhere")));
    }

    [Fact]
    public void Services_have_the_folders_plugins()
    {
        _sources.Compile("Contoso.dll", PluginSources.Plugin("Contoso", "flat"));
        ServiceCollection services = new();
        FastGradBuilder builder = services.AddFastGrad().AddPluginsFrom(_sources.Folder);
        PluginLoadException again = Assert.Throws<PluginLoadException>(() => builder.AddPluginsFrom(_sources.Folder));
        Assert.Equal(PluginFault.NameClash, again.Fault);
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal("flat", provider.GetRequiredKeyedService<ScheduleDefinition>("flat").Name);
        Assert.Single(provider.GetRequiredService<PluginRegistry>().Plugins, p => p.Name == "Contoso");
    }

    /// <summary>The folder is refused with one error that names the file and the reason; the registry is what it was.</summary>
    private void Refused(string file, PluginFault fault, string reason)
    {
        string[] before = State();
        PluginLoadException error = Assert.Throws<PluginLoadException>(() => _registry.AddPluginsFrom(_sources.Folder));
        Assert.Equal((Path.Combine(_sources.Folder, file), fault), (error.File, error.Fault));
        Assert.StartsWith($"{error.File}: {reason}", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, State());

        string[] State() => [.. _registry.Plugins.Select(p => p.Name), .. _registry.Optimizers.Names, .. _registry.Schedules.Names, .. _registry.Wrappers.Names];
    }
}
