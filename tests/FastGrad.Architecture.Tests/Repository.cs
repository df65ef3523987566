using System.Reflection;
using System.Xml.Linq;

namespace FastGrad.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Metadata("Root"));

    /// <summary>Where a project's build puts its files, below the project's folder.</summary>
    public static string Output { get; } = Metadata("Output");

    /// <summary>Every project of the given folders, by name; without what <c>dotnet new</c> copies, which is its author's.</summary>
    public static IReadOnlyDictionary<string, ProjectFile> Projects(params string[] folders) => folders
        .Select(folder => Path.Combine(Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
        .Where(path => !path.StartsWith(Path.Combine(Root, "plugins", "Template") + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .Select(path => new ProjectFile(path))
        .ToDictionary(project => project.Name);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    /// <summary>The C# files of a folder, without build outputs.</summary>
    public static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}

/// <summary>A project file, read as XML.</summary>
internal sealed class ProjectFile(string path)
{
    private readonly XDocument _xml = XDocument.Load(path);

    public string Name { get; } = Path.GetFileNameWithoutExtension(path);

    public string Folder { get; } = Path.GetDirectoryName(path)!;

    public string[] ProjectReferences => [.. Elements("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

    public string[] PackageReferences => [.. Elements("PackageReference").Select(reference => reference.Attribute("Include")!.Value)];

    public bool IsLibrary => Elements("FastGradLibrary").Any(element => element.Value == "true");

    public IEnumerable<XElement> Elements(string name) => _xml.Descendants().Where(element => element.Name.LocalName == name);

    public override string ToString() => Name;
}
