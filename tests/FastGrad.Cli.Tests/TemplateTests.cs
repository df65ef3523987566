using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;
using Xunit.Abstractions;

namespace FastGrad.Cli.Tests;

/// <summary>docs/plugins.md from the first command to the last: packages, template, an optimizer and its tests, the installed tool with it.</summary>
/// <remarks>
/// Packing needs every project built in Release, and all takes more than a minute: only where FASTGRAD_REQUIRE_TEMPLATE is set. The
/// commands run in a home of their own. FastGrad comes from the folder just packed and from nowhere else, the test framework from what
/// this machine has restored before.
/// </remarks>
[Collection(Builds.Name)]
public sealed class TemplateTests(ITestOutputHelper output) : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void The_commands_of_the_page_lead_from_nothing_to_a_tested_package()
    {
        if (Environment.GetEnvironmentVariable("FASTGRAD_REQUIRE_TEMPLATE") is not "1")
        {
            output.WriteLine("not run: FASTGRAD_REQUIRE_TEMPLATE is not 1");
            return;
        }
        string[] blocks = [.. File.ReadAllText(Path.Combine(ToolProcess.Root, "docs", "plugins.md")).Split("```sh\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])];
        Assert.Equal(4, blocks.Length);
        // The solution is built, and its restore knows where this machine keeps packages.
        Do($"cd '{ToolProcess.Root}'\n{blocks[0]}", ("NUGET_PACKAGES", MachinePackages), ("NoBuild", "true"));
        CheckPackages(Path.Combine(_tool.Folder, "fastgrad"));
        _tool.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="fastgrad" value="{_tool.Folder}/fastgrad" /><add key="machine" value="{MachinePackages}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="fastgrad"><package pattern="FastGrad*" /></packageSource>
                <packageSource key="machine"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        Do(blocks[1]);
        Assert.Contains("Passed!  - Failed:     0, Passed:     4", Do(blocks[2]), StringComparison.Ordinal);
        string project = Path.Combine(_tool.Folder, "plugins", "Contoso.QuickBall");
        Assert.DoesNotContain(
            Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories).Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith("proj", StringComparison.Ordinal)),
            path => File.ReadAllText(path).Contains("HeavyBall", StringComparison.Ordinal) || File.ReadAllText(path).Contains("FASTGRAD_", StringComparison.Ordinal));
        Assert.Contains("optimizer quick-ball: Polyak 1964", Do(blocks[3]), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_tool.Folder, "fastgrad", "Contoso.QuickBall.1.0.0.nupkg")));
        Assert.True(File.Exists(Path.Combine(project, "fastgrad-out", "iris", "model.safetensors")));
    }

    /// <summary>The template is of this version; a sentence that says so would be forgotten.</summary>
    [Fact]
    public void The_template_refers_to_this_version()
    {
        string path = Path.Combine(ToolProcess.Root, "plugins", "Template", "optimizer", ".template.config", "template.json");
        JsonElement template = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        Assert.Equal(Version, template.GetProperty("symbols").GetProperty("fastgrad").GetProperty("defaultValue").GetString());
    }

    private static string Version { get; } =
        XDocument.Load(Path.Combine(ToolProcess.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>Every library and the tool with symbols, readme, licence and what its surface is; nothing of the tests and benchmarks.</summary>
    private static void CheckPackages(string feed)
    {
        string[] libraries =
        [
            "FastGrad", "FastGrad.Analysis", "FastGrad.Autograd", "FastGrad.Hosting", "FastGrad.Kernels", "FastGrad.Optimization",
            "FastGrad.Plugins.FirstOrder", "FastGrad.Plugins.Minimizers", "FastGrad.Plugins.Modern", "FastGrad.Plugins.Schedules", "FastGrad.Testing",
        ];
        Assert.Equal(
            libraries.Append("FastGrad.Cli").Append("FastGrad.Templates").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(feed, "*.nupkg").Select(path => Path.GetFileName(path).Replace($".{Version}.nupkg", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (string library in libraries)
        {
            string[] entries = Entries($"{library}.{Version}.nupkg", out XDocument manifest);
            Assert.Superset(
                new HashSet<string>([$"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml", "README.md", "LICENSE", "api/PublicAPI.Shipped.txt", "api/PublicAPI.Unshipped.txt"]),
                new HashSet<string>(entries));
            Assert.Contains($"lib/net10.0/{library}.pdb", Entries($"{library}.{Version}.snupkg", out _));
            foreach (string element in new[] { "description", "license", "readme", "tags", "authors" })
                Assert.NotEmpty(manifest.Descendants().Single(e => e.Name.LocalName == element).Value);
        }
        Assert.Contains("buildTransitive/FastGrad.Kernels.targets", Entries($"FastGrad.Kernels.{Version}.nupkg", out _));
        Assert.Contains("tools/net10.0/any/DotnetToolSettings.xml", Entries($"FastGrad.Cli.{Version}.nupkg", out _));

        string[] Entries(string file, out XDocument manifest)
        {
            using ZipArchive package = ZipFile.OpenRead(Path.Combine(feed, file));
            using Stream text = package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            manifest = XDocument.Load(text);
            return [.. package.Entries.Select(e => e.FullName)];
        }
    }

    private static string MachinePackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Do(string script, params (string Name, string Value)[] environment)
    {
        string path = $"{Path.Combine(_tool.Folder, ".dotnet", "tools")}:{Path.GetDirectoryName(ToolProcess.Host)}:{Environment.GetEnvironmentVariable("PATH")}";
        ToolResult result = ToolProcess.Finish(
            _tool.Start("bash", ["-ec", script], [
                .. Builds.Environment, ("HOME", _tool.Folder), ("DOTNET_CLI_HOME", _tool.Folder), ("PATH", path),
                ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_ROOT", Path.GetDirectoryName(Path.GetFullPath(Environment.ProcessPath!))!),
                ("NUGET_PACKAGES", Path.Combine(_tool.Folder, "packages")), .. environment]),
            TimeSpan.FromMinutes(5));
        Assert.True(result.ExitCode == 0, $"{script}\n{result.Output}{result.Error}");
        return result.Output;
    }
}
