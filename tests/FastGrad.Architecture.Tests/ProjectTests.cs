using Xunit;

namespace FastGrad.Architecture.Tests;

/// <summary>What every project owes.</summary>
public class ProjectTests
{
    /// <summary>Libraries that use FsCheck, which reflects, cannot promise to be AOT-compatible.</summary>
    private static readonly string[] s_notAot = ["FastGrad.Testing"];

    private static readonly string[] s_notShipped = ["FastGrad.Cli", "FastGrad.Workloads"];

    public static TheoryData<string> Shipped() => [.. Repository.Projects("src", "plugins").Keys.Except(s_notShipped)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_projects_are_libraries_with_a_description(string name)
    {
        ProjectFile project = Repository.Projects("src", "plugins")[name];
        Assert.True(project.IsLibrary, $"{name} does not set FastGradLibrary: no documentation file, no AOT analysis, no banned mathematics.");
        Assert.NotEmpty(project.Elements("Description"));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_projects_weaken_nothing(string name)
    {
        ProjectFile project = Repository.Projects("src", "plugins")[name];
        Assert.Empty(project.Elements("NoWarn"));
        Assert.Empty(project.Elements("TreatWarningsAsErrors"));
        Assert.Empty(project.Elements("GenerateDocumentationFile"));
        Assert.Equal(s_notAot.Contains(name), project.Elements("IsAotCompatible").Any(element => element.Value == "false"));
    }

    [Fact]
    public void Libraries_are_documented_aot_compatible_and_analysed()
    {
        string props = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.Contains("<GenerateDocumentationFile>true</GenerateDocumentationFile>", props);
        Assert.Contains("<IsAotCompatible>true</IsAotCompatible>", props);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", props);
        Assert.Contains("<Nullable>enable</Nullable>", props);
        string targets = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.targets"));
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", targets);
        Assert.Contains("src/BannedSymbols.txt", targets);
    }

    /// <summary>With the lists in place the analyzer runs, and the build fails for a public member that they lack.</summary>
    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_projects_list_their_public_surface(string name)
    {
        string folder = Repository.Projects("src", "plugins")[name].Folder;
        Assert.True(File.Exists(Path.Combine(folder, "PublicAPI.Shipped.txt")), $"{name} has no PublicAPI.Shipped.txt: run .ci/update-public-api.");
        string[] members = File.ReadAllLines(Path.Combine(folder, "PublicAPI.Unshipped.txt"));
        Assert.Equal("#nullable enable", members[0]);
        Assert.Contains(members, member => member.StartsWith(name + '.', StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Documentation_lies_beside_the_assembly(string name) =>
        Assert.True(File.Exists(Path.Combine(Repository.Projects("src", "plugins")[name].Folder, Repository.Output, name + ".xml")), $"{name}.xml is missing.");

    /// <summary>FastGrad.sln has every project but the peers' benchmarks, whose restore is too large for a first clone.</summary>
    [Fact]
    public void The_solution_has_every_project()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "FastGrad.sln"));
        foreach (string name in Repository.Projects("src", "plugins", "tests", "benchmarks").Keys)
            Assert.Equal(name != "FastGrad.Benchmarks.Peers", solution.Contains($"\"{name}\"", StringComparison.Ordinal));
    }

    /// <summary>Versions are pinned in one place; a floating one would change results from one day to the next.</summary>
    [Fact]
    public void Package_versions_are_pinned()
    {
        var packages = new ProjectFile(Path.Combine(Repository.Root, "Directory.Packages.props"));
        foreach (var version in packages.Elements("PackageVersion"))
            Assert.DoesNotContain('*', version.Attribute("Version")!.Value);
    }
}
