using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;
using Xunit.Abstractions;

namespace FastGrad.Cli.Tests;

/// <summary>Compiled ahead of time, the same training gives the same checkpoint, and nothing warns.</summary>
/// <remarks>Publishing needs a linker and minutes: only where FASTGRAD_REQUIRE_AOT is set, and there its absence is a failure.</remarks>
[Collection(Builds.Name)]
public sealed class AheadOfTimeTests(ITestOutputHelper output) : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("x86-64-v3", "avx2")]
    [InlineData("", "sse4.2")]
    public void The_checkpoint_is_the_same(string instructionSet, string isa)
    {
        if (Environment.GetEnvironmentVariable("FASTGRAD_REQUIRE_AOT") is not "1")
        {
            output.WriteLine("not run: FASTGRAD_REQUIRE_AOT is not 1");
            return;
        }
        Assert.Equal(Architecture.X64, RuntimeInformation.ProcessArchitecture);
        string project = Path.Combine(ToolProcess.Root, "tests", "FastGrad.AotSmoke");
        string[] linker = HasClang() ? [] : ["-p:CppCompilerAndLinker=gcc"];
        string[] set = instructionSet.Length == 0 ? [] : [$"-p:IlcInstructionSet={instructionSet}"];
        string published = Path.Combine(_tool.Folder, "published");
        ToolResult publish = ToolProcess.Finish(
            _tool.Start(ToolProcess.Host, ["publish", project, "-c", "Release", "-r", "linux-x64", "-o", published, "--nologo", "-v", "q", .. linker, .. set], Builds.Environment),
            TimeSpan.FromMinutes(10));
        Assert.True(publish.ExitCode == 0, publish.Output + publish.Error);
        Assert.DoesNotContain("warning", publish.Output, StringComparison.OrdinalIgnoreCase);

        ToolResult run = ToolProcess.Finish(_tool.Start(Path.Combine(published, "FastGrad.AotSmoke"), [], []), TimeSpan.FromMinutes(5));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith(isa, run.Error);
        string expected = _tool.Run("train", "digits", "--seed", "7", "--epochs", "3", "--json").Json.GetProperty("checkpoint_sha256").GetString()!;
        Assert.Equal(expected, run.Output.Trim());
    }

    private static bool HasClang() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "clang")));
}
