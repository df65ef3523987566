using System.Diagnostics;
using System.Text.Json;
using FastGrad.Serialization;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>A training that is killed at random moments and taken up each time ends with the bytes of one that was not. tests/kill-and-resume does it fifty times.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 6;

    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Kill_and_resume_is_no_interruption()
    {
        string[] train = ["train", "iris", "--epochs", "40", "--batch", "12", "--save-every", "1", "--schedule", "reduce-on-plateau:patience=1", "--wrap", "ema", "--json"];
        string whole = _tool.Run([.. train, "--out", "whole"]).Json.GetProperty("checkpoint_sha256").GetString()!;
        CheckpointFolder folder = new(Path.Combine(_tool.Folder, "killed"));
        Random moments = new(12345);
        int killed = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = _tool.Start(ToolProcess.Host, [ToolProcess.Tool, .. train, "--out", "killed", .. folder.HasCheckpoint ? new[] { "--resume" } : []], []);
            // Not before it has begun to save, so that each life makes some way.
            long before = folder.HasCheckpoint ? folder.ReadManifest().Generation : 0;
            Stopwatch clock = Stopwatch.StartNew();
            while (!process.HasExited && clock.Elapsed.TotalSeconds < 60 && (!folder.HasCheckpoint || folder.ReadManifest().Generation == before))
                Thread.Sleep(1);
            Thread.Sleep(moments.Next(0, 120));
            killed += process.HasExited ? 0 : 1;
            process.Kill();
            process.WaitForExit();
            folder.Open("model.safetensors"); // both files are there and whole, and of one save
            folder.Open("checkpoint.safetensors");
        }
        Assert.True(killed >= Kills / 2, $"{killed} of {Kills} kills met a running process");
        JsonElement last = _tool.Run([.. train, "--out", "killed", "--resume"]).Json;
        Assert.Equal(whole, last.GetProperty("checkpoint_sha256").GetString());
        Assert.Equal(File.ReadAllBytes(Path.Combine(_tool.Folder, "whole", "model.safetensors")), File.ReadAllBytes(Path.Combine(_tool.Folder, "killed", "model.safetensors")));
        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(_tool.Folder, "killed")).Count());
    }
}
