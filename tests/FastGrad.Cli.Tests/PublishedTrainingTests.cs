using Xunit;
using Xunit.Abstractions;

namespace FastGrad.Cli.Tests;

/// <summary>The same training as a program for another machine gives the same checkpoint.</summary>
/// <remarks>
/// A script publishes and names it: FASTGRAD_PUBLISHED_TRAININGS holds command lines, one a line. FASTGRAD_ALL_LEGS makes their
/// absence a failure.
/// </remarks>
public sealed class PublishedTrainingTests(ITestOutputHelper output) : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void The_checkpoint_is_the_same_on_other_machines()
    {
        string[] commands = (Environment.GetEnvironmentVariable("FASTGRAD_PUBLISHED_TRAININGS") ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (commands.Length == 0)
        {
            Assert.Null(Environment.GetEnvironmentVariable("FASTGRAD_ALL_LEGS"));
            output.WriteLine("not run: FASTGRAD_PUBLISHED_TRAININGS is not set");
            return;
        }
        string expected = _tool.Run("train", "digits", "--seed", "7", "--epochs", "3", "--json").Json.GetProperty("checkpoint_sha256").GetString()!;
        foreach (string command in commands)
        {
            string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ToolResult run = ToolProcess.Finish(_tool.Start(words[0], words[1..], []), TimeSpan.FromMinutes(5));
            output.WriteLine($"{command}: {run.Error}");
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.StartsWith("neon", run.Error);
            Assert.Equal(expected, run.Output.Trim());
        }
    }
}
