using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>What the README shows is what the programs in docs/ run, and its links lead somewhere.</summary>
public class ReadmeTests
{
    private static readonly string[] s_readme = File.ReadAllLines(Path.Combine(ToolProcess.Root, "README.md"));

    [Fact]
    public void Its_code_is_the_documents_code()
    {
        string[] documents = [.. Directory.EnumerateFiles(Path.Combine(ToolProcess.Root, "docs"), "*.cs").SelectMany(File.ReadLines)];
        string[] code = [.. Blocks("csharp")];
        Assert.NotEmpty(code);
        Assert.Empty(code.Except(documents));
    }

    [Fact]
    public void Its_links_lead_somewhere()
    {
        foreach (string line in s_readme)
            foreach (string link in line.Split("](").Skip(1).Select(rest => rest[..rest.IndexOf(')')]))
                Assert.True(Path.Exists(Path.Combine(ToolProcess.Root, link)), link);
    }

    [Fact]
    public void Its_paths_exist()
    {
        foreach (string path in s_readme.SelectMany(line => line.Split('`').Where((_, i) => i % 2 == 1)).Where(text => text.StartsWith("src/") || text.StartsWith("plugins/")))
            Assert.True(Path.Exists(Path.Combine(ToolProcess.Root, path)), path);
    }

    /// <summary>The table is what the command prints, to the last digit, on this machine as on any other.</summary>
    [Fact]
    public void Its_results_are_the_commands()
    {
        using var tool = new ToolProcess();
        ToolResult results = tool.Run("results");
        Assert.True(results.ExitCode == 0, results.Error);
        Assert.Equal(2 + 5 * 2, results.Lines.Length);
        Assert.Empty(results.Lines.Except(s_readme));
    }

    private static IEnumerable<string> Blocks(string language)
    {
        bool inside = false;
        foreach (string line in s_readme)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inside = line == "```" + language;
            else if (inside)
                yield return line;
        }
    }
}
