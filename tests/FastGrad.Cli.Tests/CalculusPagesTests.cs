using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>The pages of docs/calculus are what their programs print and draw, to the last byte, and say nothing that the programs do not.</summary>
public sealed partial class CalculusPagesTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(ToolProcess.Root, "docs", "calculus");

    private readonly ToolProcess _tool = new();

    public static TheoryData<string> Pages() => [.. Names()];

    public void Dispose() => _tool.Dispose();

    private static IEnumerable<string> Names() => Directory.EnumerateFiles(s_folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"(?<![\w.])\d+\.\d+(?:e-?\d+)?")]
    private static partial Regex Figures();

    [GeneratedRegex(@"\]\((?<link>[^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\bMathF?\.(?!Abs|Max|Min|Sqrt|Floor|Ceiling|Round|Truncate|Sign|Clamp|CopySign|ScaleB)\w+|\bnew Random\b|\bRandom\.Shared\b|\bStopwatch\b|\bDateTime\b|\bEnvironment\b|GetHashCode")]
    private static partial Regex DifferingByMachine();

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_what_its_program_prints_and_draws(string name)
    {
        string pictures = Path.Combine(s_folder, name);
        foreach (string file in (string[])[name + ".cs", name + ".md"])
            File.Copy(Path.Combine(s_folder, file), Path.Combine(_tool.Folder, file));
        ToolResult result = _tool.Run("pages", ".", "--programs", AppContext.BaseDirectory);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(s_folder, name + ".md")), File.ReadAllText(Path.Combine(_tool.Folder, name + ".md")));
        string[] drawn = [.. Directory.EnumerateFiles(Path.Combine(_tool.Folder, name)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(drawn);
        Assert.Equal(Directory.EnumerateFiles(pictures).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal), drawn);
        foreach (string picture in drawn)
            Assert.Equal(File.ReadAllText(Path.Combine(pictures, picture)), File.ReadAllText(Path.Combine(_tool.Folder, name, picture)));
    }

    /// <summary>Other vector widths, the same bytes: what makes the comparison above possible.</summary>
    [Theory]
    [InlineData("derivative", "DOTNET_EnableHWIntrinsic")]
    [InlineData("backpropagation", "DOTNET_EnableAVX2")]
    public void A_page_is_the_same_without_vector_instructions(string name, string without)
    {
        foreach (string file in (string[])[name + ".cs", name + ".md"])
            File.Copy(Path.Combine(s_folder, file), Path.Combine(_tool.Folder, file));
        ToolResult result = _tool.Run([(without, "0")], "pages", ".", "--programs", AppContext.BaseDirectory);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(s_folder, name + ".md")), File.ReadAllText(Path.Combine(_tool.Folder, name + ".md")));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_shows_its_pictures_and_its_links_lead_somewhere(string name)
    {
        string page = File.ReadAllText(Path.Combine(s_folder, name + ".md"));
        string text = string.Concat(page.Split("\n```").Where((_, i) => i % 2 == 0));
        foreach (Match link in Links().Matches(text).Where(link => !link.Groups["link"].Value.StartsWith("https://", StringComparison.Ordinal)))
            Assert.True(Path.Exists(Path.Combine(s_folder, link.Groups["link"].Value)), link.Value);
        foreach (string picture in Directory.EnumerateFiles(Path.Combine(s_folder, name)))
        {
            Assert.Contains($"({name}/{Path.GetFileName(picture)})", page);
            Assert.Equal("svg", XDocument.Load(picture).Root!.Name.LocalName);
            Assert.InRange(new FileInfo(picture).Length, 500, 64_000);
        }
    }

    /// <summary>A number with a point in the text stands in the program's output, or in the code shown.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Figures_in_the_text_are_the_programs(string name)
    {
        string[] parts = File.ReadAllText(Path.Combine(s_folder, name + ".md")).Split("\n```");
        Assert.True(parts.Length >= 7 && parts.Length % 2 == 1, "pieces of code and output end");
        string shown = string.Concat(parts.Where((_, i) => i % 2 == 1)), text = Links().Replace(string.Concat(parts.Where((_, i) => i % 2 == 0)), "]");
        string[] unshown = [.. Figures().Matches(text).Select(figure => figure.Value).Where(figure => !shown.Contains(figure, StringComparison.Ordinal))];
        Assert.Empty(unshown);
    }

    /// <summary>Otherwise the bytes would differ from one machine, run or runtime to the next.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Programs_use_the_librarys_mathematics_and_random_numbers(string name) =>
        Assert.Empty(DifferingByMachine().Matches(File.ReadAllText(Path.Combine(s_folder, name + ".cs"))).Select(found => found.Value));

    [Fact]
    public void The_index_has_every_page()
    {
        string[] linked = [.. Links().Matches(File.ReadAllText(Path.Combine(s_folder, "README.md"))).Select(link => link.Groups["link"].Value)];
        Assert.All(linked, link => Assert.True(Path.Exists(Path.Combine(s_folder, link)), link));
        Assert.Empty(Names().Select(name => name + ".md").Except(linked));
        Assert.Equal(Names(), Directory.EnumerateFiles(s_folder, "*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "README").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_without_programs_is_wrong_usage() => Assert.Contains("has no program", _tool.Run("pages", ".").AssertWrongUsage());

    [Theory]
    [InlineData("<!-- output: 3 -->", "", "ends nothing")]
    [InlineData("<!-- output: 3 -->\n", "<!-- output: 99 -->\n", "no part of the output '99'; there are 1, 2, 3")]
    [InlineData("<!-- program: central -->", "<!-- program: centre -->", "no region 'centre'; there are secants, central")]
    [InlineData("<!-- output: 2 -->", "<!-- output: 1 -->", "is there twice")]
    public void A_page_that_does_not_fit_its_program_is_told(string old, string planted, string message)
    {
        File.Copy(Path.Combine(s_folder, "derivative.cs"), Path.Combine(_tool.Folder, "derivative.cs"));
        _tool.Write("derivative.md", File.ReadAllText(Path.Combine(s_folder, "derivative.md")).Replace(old, planted, StringComparison.Ordinal));
        Assert.Contains(message, _tool.Run("pages", ".", "--programs", AppContext.BaseDirectory).AssertWrongUsage());
    }

    /// <summary>A part of the output that the page leaves out would be hidden from its readers.</summary>
    [Fact]
    public void Output_that_is_not_shown_is_told()
    {
        File.Copy(Path.Combine(s_folder, "derivative.cs"), Path.Combine(_tool.Folder, "derivative.cs"));
        _tool.Write("derivative.md", "# Nothing\n");
        Assert.Contains("Part 1 of the output is nowhere in the page", _tool.Run("pages", ".", "--programs", AppContext.BaseDirectory).AssertWrongUsage());
    }
}
