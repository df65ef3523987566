using System.Text.RegularExpressions;
using Xunit;

namespace FastGrad.Architecture.Tests;

/// <summary>One idea a file, and the file has the idea's name.</summary>
public partial class FileTests
{
    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|unsafe|ref|record)\s+)*(?:class|struct|interface|enum|record|delegate\s+[\w<>\[\]?., ]+?)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    private static IEnumerable<(ProjectFile Project, string Path)> Files() =>
        from project in Repository.Projects("src", "plugins").Values
        from path in Repository.Sources(project.Folder)
        where Path.GetFileName(path) is not ("Program.cs" or "AssemblyInfo.cs" or "Usings.cs")
        select (project, path);

    /// <summary>Small types of one family may share a file with a plural name.</summary>
    [Fact]
    public void A_file_has_the_name_of_a_type_in_it()
    {
        List<string> found = [];
        foreach ((_, string path) in Files())
        {
            string name = Path.GetFileName(path).Split('.')[0];
            string[] types = [.. Types().Matches(File.ReadAllText(path)).Select(type => type.Groups["name"].Value)];
            if (!types.Contains(name) && !(name.EndsWith('s') && types.Length > 1))
                found.Add(Path.GetRelativePath(Repository.Root, path));
        }
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <summary>But extensions of another library's type, which lie where that type's users find them.</summary>
    [Fact]
    public void Namespaces_begin_with_the_project()
    {
        List<string> found = [];
        foreach ((ProjectFile project, string path) in Files())
        {
            Match match = Namespaces().Match(File.ReadAllText(path));
            string name = match.Groups["name"].Value;
            if (name == "Microsoft.Extensions.DependencyInjection" && path.EndsWith("ServiceCollectionExtensions.cs", StringComparison.Ordinal))
                continue;
            if (name != project.Name && !name.StartsWith(project.Name + ".", StringComparison.Ordinal))
                found.Add($"{Path.GetRelativePath(Repository.Root, path)}: {name}");
        }
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void No_type_is_a_helper()
    {
        string[] found = [.. Files().SelectMany(file => Types().Matches(File.ReadAllText(file.Path)).Select(type => type.Groups["name"].Value))
            .Where(name => name.EndsWith("Helper", StringComparison.Ordinal) || name.EndsWith("Manager", StringComparison.Ordinal) || name.Contains("Util", StringComparison.Ordinal))];
        Assert.Empty(found);
    }

    [Fact]
    public void Nothing_is_left_undone()
    {
        string[] marks = ["TODO", "FIXME", "HACK", "NotImplemented"]; // the last as a prefix of the exception
        string[] found = [.. Files().Where(file => marks.Any(mark => File.ReadAllText(file.Path).Contains(mark, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(Repository.Root, file.Path))];
        Assert.Empty(found);
    }
}
