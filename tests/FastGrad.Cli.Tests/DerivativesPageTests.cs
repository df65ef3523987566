using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>The tables and pictures of docs/derivatives.md are what the command writes, to the last byte.</summary>
public sealed class DerivativesPageTests : IDisposable
{
    private readonly ToolProcess _tool = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("fastgrad-page").FullName;

    public void Dispose()
    {
        _tool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_page_and_its_pictures_are_the_commands()
    {
        string docs = Path.Combine(ToolProcess.Root, "docs");
        File.Copy(Path.Combine(docs, "derivatives.md"), Path.Combine(_folder, "derivatives.md"));
        ToolResult result = _tool.Run("check", "--page", _folder);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(docs, "derivatives.md")), File.ReadAllText(Path.Combine(_folder, "derivatives.md")));
        string[] pictures = [.. Directory.EnumerateFiles(Path.Combine(_folder, "derivatives")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.True(pictures.Length >= 30);
        Assert.Equal(pictures, Directory.EnumerateFiles(Path.Combine(docs, "derivatives")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string picture in pictures)
        {
            string drawn = File.ReadAllText(Path.Combine(_folder, "derivatives", picture));
            Assert.Equal(File.ReadAllText(Path.Combine(docs, "derivatives", picture)), drawn);
            Assert.True(drawn.Length < 4096, picture);
            System.Xml.Linq.XDocument.Parse(drawn);
        }
    }

    [Fact]
    public void A_folder_without_the_page_is_wrong_usage() => _tool.Run("check", "--page", _folder).AssertWrongUsage();
}
