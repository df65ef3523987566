using System.Text;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Wrappers;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;
using FastGrad.Plugins.Schedules;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>The tables of docs/optimizers.md are what the registry says. With FASTGRAD_WRITE_DOCS=1 the test writes them.</summary>
public class DocumentedTable
{
    private const string Begin = "<!-- from the registry: begin -->", End = "<!-- from the registry: end -->";

    private static readonly PluginRegistry Registry = new([new FirstOrderPlugin(), new ModernPlugin(), new SchedulesPlugin()]);

    [Fact]
    public void Optimizers_and_wrappers_are_those_of_the_registry()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FastGrad.sln")))
            folder = folder.Parent;
        string path = Path.Combine(folder!.FullName, "docs", "optimizers.md"), text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        string expected = Tables();
        if (Environment.GetEnvironmentVariable("FASTGRAD_WRITE_DOCS") == "1")
            File.WriteAllText(path, text[..begin] + expected + text[end..]);
        else
            Assert.Equal(expected, text[begin..end]);
    }

    [Fact]
    public void Every_schedule_has_its_row()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FastGrad.sln")))
            folder = folder.Parent;
        string text = File.ReadAllText(Path.Combine(folder!.FullName, "docs", "optimizers.md"));
        Assert.All(Registry.Schedules.Names, name => Assert.Contains($"| `{name}` |", text, StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_breadth()
    {
        Assert.True(Registry.Optimizers.Count >= 32, $"{Registry.Optimizers.Count} optimizers");
        Assert.True(Registry.Wrappers.Count >= 6, $"{Registry.Wrappers.Count} wrappers");
        Assert.True(Registry.Schedules.Count >= 18, $"{Registry.Schedules.Count} schedules");
        Assert.All(Registry.Optimizers, o => Assert.True(o.Source.Length > 10 && o.Options.Any() && o.DescribeState().Count > 0, o.Name));
    }

    private static string Tables()
    {
        StringBuilder table = new("\n\n| name | options and defaults | state of a matrix | couples | needs | declared | source |\n|---|---|---|---|---|---|---|\n");
        foreach (OptimizerDefinition o in Registry.Optimizers)
        {
            table.Append("| `").Append(o.Name).Append("` | ").Append(Options(o.Options)).Append(" | ");
            table.AppendJoin(", ", o.DescribeState().Where(e => e.Slot != "step").Select(e => e.Shape.Length == 2 ? e.Slot : $"{e.Slot} [{string.Join(", ", e.Shape)}]"));
            table.Append(" | ").Append(o.Coupling.ToString().ToLowerInvariant()).Append(" | ");
            table.Append(o.Needs == OptimizerNeeds.None ? "" : Words(o.Needs.ToString())).Append(" | ");
            table.Append(o.Traits == OptimizerTraits.None ? "" : Words(o.Traits.ToString())).Append(" | ").Append(o.Source).Append(" |\n");
        }
        table.Append("\n| wrapper | what it does | options and defaults | state of a matrix | source |\n|---|---|---|---|---|\n");
        foreach (WrapperDefinition w in Registry.Wrappers)
        {
            table.Append("| `").Append(w.Name).Append("` | ").Append(w.Summary).Append(" | ").Append(Options(w.Options)).Append(" | ");
            table.AppendJoin(", ", w.DescribeState().Select(e => e.Owner[0] == '@' ? $"{e.Slot} []" : e.Slot)).Append(" | ").Append(w.Source).Append(" |\n");
        }
        return table.Append('\n').ToString();
    }

    private static string Options(OptionTable options) => string.Join(", ", options.Select(o => $"{o.Name} {o.Default}"));

    private static string Words(string flags) => string.Concat(flags.Select((c, i) => char.IsUpper(c) && i > 0 && flags[i - 1] != ' ' ? $" {char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));
}
