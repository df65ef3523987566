using Xunit;

namespace FastGrad.Architecture.Tests;

/// <summary>References between projects point down, never sideways or up; what users link depends on nothing but the BCL.</summary>
public class LayerTests
{
    /// <summary>What a project may refer to directly. A project that is not here has no place in the house yet.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["FastGrad.Kernels"] = [],
        ["FastGrad.Autograd"] = ["FastGrad.Kernels"],
        ["FastGrad.Optimization"] = ["FastGrad.Kernels"],
        ["FastGrad.Plugins.FirstOrder"] = ["FastGrad.Optimization"],
        ["FastGrad.Plugins.Schedules"] = ["FastGrad.Optimization"],
        ["FastGrad.Plugins.Modern"] = ["FastGrad.Optimization"],
        ["FastGrad.Plugins.Minimizers"] = ["FastGrad.Optimization"],
        ["FastGrad"] = ["FastGrad.Autograd", "FastGrad.Optimization", "FastGrad.Plugins.FirstOrder", "FastGrad.Plugins.Minimizers", "FastGrad.Plugins.Modern", "FastGrad.Plugins.Schedules"],
        ["FastGrad.Hosting"] = ["FastGrad"],
        ["FastGrad.Analysis"] = ["FastGrad"],
        ["FastGrad.Testing"] = ["FastGrad.Analysis"],
        ["FastGrad.Workloads"] = ["FastGrad"],
        ["FastGrad.Cli"] = ["FastGrad.Hosting", "FastGrad.Plugins.Minimizers", "FastGrad.Testing", "FastGrad.Workloads"],
    };

    private static readonly Dictionary<string, string[]> s_packages = new()
    {
        ["FastGrad.Hosting"] = ["Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.Logging.Abstractions"],
        ["FastGrad.Testing"] = ["FsCheck"],
        ["FastGrad.Workloads"] = ["Sylvan.Data.Csv"],
        ["FastGrad.Cli"] = ["System.CommandLine", "Spectre.Console", "Sylvan.Data.Csv"],
    };

    public static TheoryData<string> Names() => [.. Repository.Projects("src", "plugins").Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void References_point_down(string name)
    {
        ProjectFile project = Repository.Projects("src", "plugins")[name];
        Assert.True(s_allowed.TryGetValue(name, out string[]? allowed), $"{name} has no layer: add it to this test.");
        string[] forbidden = [.. project.ProjectReferences.Except(allowed!)];
        Assert.True(forbidden.Length == 0, $"{name} refers to {string.Join(", ", forbidden)}; it may refer to {string.Join(", ", allowed!)}.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Packages_are_few_and_known(string name)
    {
        ProjectFile project = Repository.Projects("src", "plugins")[name];
        string[] forbidden = [.. project.PackageReferences.Except(s_packages.GetValueOrDefault(name, []))];
        Assert.True(forbidden.Length == 0, $"{name} depends on {string.Join(", ", forbidden)}.");
        Assert.DoesNotContain(project.Elements("PackageReference"), reference => reference.Attribute("Version") is not null);
    }

    /// <summary>The table above is acyclic by construction only if it is: each reference goes to a project with a shorter longest path down.</summary>
    [Fact]
    public void The_layers_have_no_cycle()
    {
        var height = new Dictionary<string, int>();
        foreach (string name in s_allowed.Keys)
            Assert.True(Height(name, []) >= 0);

        int Height(string name, HashSet<string> above)
        {
            Assert.True(above.Add(name), $"{name} refers to itself through {string.Join(", ", above)}.");
            if (!height.TryGetValue(name, out int found))
                height[name] = found = s_allowed[name].Select(below => Height(below, [.. above]) + 1).DefaultIfEmpty(0).Max();
            return found;
        }
    }

    /// <summary>The compiled assemblies agree with the project files: nothing refers to what its project does not name or inherit.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Assemblies_see_only_what_lies_below(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        Assert.True(File.Exists(path), $"{name} is not built with the tool.");
        HashSet<string> below = [];
        Collect(name);
        string[] forbidden = [.. System.Reflection.Assembly.LoadFrom(path).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("FastGrad", StringComparison.Ordinal) && !below.Contains(reference))];
        Assert.True(forbidden.Length == 0, $"{name} sees {string.Join(", ", forbidden)}.");

        void Collect(string above)
        {
            foreach (string reference in s_allowed[above])
                if (below.Add(reference))
                    Collect(reference);
        }
    }
}
