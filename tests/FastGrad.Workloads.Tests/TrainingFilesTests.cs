using Xunit;

namespace FastGrad.Workloads.Tests;

/// <summary>An output folder that cannot be written to is refused, and nothing is left where it was looked for.</summary>
public sealed class TrainingFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fastgrad").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void NoName(string folder) => Assert.Contains("output folder", Refused(folder), StringComparison.Ordinal);

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    public void AFileOnTheWay(string folder)
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");
        Assert.Contains("no folder", Refused(Path.Combine(_root, folder)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrainingFiles.ModelName)]
    [InlineData(TrainingFiles.CheckpointName)]
    public void AFolderInAFilesPlace(string name)
    {
        Directory.CreateDirectory(Path.Combine(_root, name));
        Assert.Contains(name, Refused(_root), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsNotThereYetIsLeftUnmade()
    {
        new TrainingFiles(Path.Combine(_root, "a", "b")).Check();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    private static string Refused(string folder) => Assert.Throws<IOException>(() => new TrainingFiles(folder).Check()).Message;
}
