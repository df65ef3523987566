using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void The_first_command_trains_on_digits_and_writes_the_model()
    {
        ToolResult result = _tool.Run("train");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("held out", result.Error); // progress
        Assert.Contains("held-out rows", result.Output);
        Assert.Contains("taken for", result.Output); // the confusion table
        Assert.Equal(
            ["fastgrad-out", "fastgrad-out/digits", "fastgrad-out/digits/checkpoint.json", "fastgrad-out/digits/checkpoint.safetensors", "fastgrad-out/digits/model.safetensors"], _tool.Files());
    }

    [Fact]
    public void Json_is_one_object_with_the_promised_members()
    {
        ToolResult result = _tool.Run("train", "iris", "--epochs", "5", "--seed", "3", "--threads", "1", "--json", "--out", "here");
        JsonElement json = result.Json;
        Assert.Equal("iris", json.GetProperty("dataset").GetString());
        Assert.Equal("mlp", json.GetProperty("model").GetString());
        Assert.Equal("adamw", json.GetProperty("optimizer").GetString());
        Assert.Equal(5, json.GetProperty("epochs").GetInt32());
        Assert.Equal(3, json.GetProperty("seed").GetInt32());
        Assert.Equal(1, json.GetProperty("threads").GetInt32());
        Assert.Equal(4 * 32 + 32 + 32 * 3 + 3, json.GetProperty("parameters").GetInt32());
        Assert.InRange(json.GetProperty("test_accuracy").GetDouble(), 0, 1);
        Assert.True(json.GetProperty("train_loss").GetDouble() > 0);
        Assert.True(json.GetProperty("seconds").GetDouble() > 0);
        Assert.True(json.GetProperty("steps_per_second").GetDouble() > 0);
        Assert.Contains(json.GetProperty("isa").GetString(), (string[])["avx512", "avx2", "sse4.2", "neon", "scalar"]);
        byte[] checkpoint = File.ReadAllBytes(Path.Combine(_tool.Folder, "here", "checkpoint.safetensors"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(checkpoint)), json.GetProperty("checkpoint_sha256").GetString());
        Assert.Empty(result.Error);
    }

    [Fact]
    public void A_regression_reports_r2_and_takes_double_precision()
    {
        JsonElement json = _tool.Run("train", "diabetes", "--model", "linear", "--precision", "float64", "--json").Json;
        Assert.True(json.GetProperty("test_r2").GetDouble() > 0.2);
        Assert.False(json.TryGetProperty("test_accuracy", out _));
        ToolResult predictions = _tool.Run("predict", "fastgrad-out/diabetes", "diabetes");
        Assert.Equal(443, predictions.Lines.Length);
        Assert.Equal("target", predictions.Lines[0].Trim());
    }

    [Fact]
    public void Options_reach_the_optimizer_and_the_seed_reaches_everything()
    {
        string first = Hash(), again = Hash();
        Assert.Equal(first, again);
        Assert.Equal(first, Hash("--eager"));
        Assert.NotEqual(first, Hash("--seed", "1"));
        Assert.NotEqual(first, Hash("--set", "lr=0.01"));
        Assert.NotEqual(first, Hash("--set", "lr=0.01", "--set", "beta1=0.8"));
        Assert.NotEqual(first, Hash("--optimizer", "sgd"));
        Assert.NotEqual(first, Hash("--schedule", "none"));
        Assert.NotEqual(first, Hash("--batch", "10"));

        string Hash(params string[] more) => _tool.Run(["train", "iris", "--epochs", "2", "--json", .. more]).Json.GetProperty("checkpoint_sha256").GetString()!;
    }

    /// <summary>Four epochs are the same as two, an interruption and two more, to the last bit.</summary>
    [Fact]
    public void Resuming_is_no_interruption()
    {
        string whole = Hash("whole", "4"), first = Hash("parts", "2"), second = Hash("parts", "4", "--resume");
        Assert.NotEqual(first, second);
        Assert.Equal(whole, second);

        string Hash(string folder, string epochs, params string[] more) =>
            _tool.Run(["train", "iris", "--schedule", "none", "--epochs", epochs, "--out", folder, "--json", .. more]).Json.GetProperty("checkpoint_sha256").GetString()!;
    }

    [Fact]
    public void Resuming_another_training_is_wrong_usage()
    {
        Assert.Contains("no checkpoint", _tool.Run("train", "iris", "--resume").AssertWrongUsage());
        Assert.Equal(0, _tool.Run("train", "iris", "--epochs", "2", "--json").ExitCode);
        _tool.Run("train", "iris", "--epochs", "2", "--resume", "--seed", "5").AssertWrongUsage();
        _tool.Run("train", "iris", "--epochs", "2", "--resume", "--model", "linear").AssertWrongUsage();
    }

    [Theory]
    [InlineData("igis", "'iris'")]
    [InlineData("nowhere.csv", "nowhere.csv")]
    [InlineData("--model mpl", "linear, mlp")]
    [InlineData("--optimizer adamm", "'adam'")]
    [InlineData("--schedule cosin", "'cosine'")]
    [InlineData("--set lr=fast", "[0, ∞)")]
    [InlineData("--set lrr=1", "'lr'")]
    [InlineData("--epochs 1e3", "'1e3'; expected a whole number from 1")]
    [InlineData("--seed -1", "expected a whole number from 0")]
    [InlineData("--epoch 3", "'--epochs'")]
    [InlineData("--set lr", "key=value")]
    [InlineData("--epochs 0", "--epochs")]
    [InlineData("--epochs many", "--epochs")]
    [InlineData("--batch 0", "--batch")]
    [InlineData("--threads 0", "--threads")]
    [InlineData("--precision float16", "float64")]
    [InlineData("--colour red", "--colour")]
    [InlineData(".", "'.' is a folder")]
    [InlineData("--set lr=0.1 --set LR=0.2", "'LR' is set twice, to '0.1' and to '0.2'")]
    [InlineData("--schedule :steps=3", "has no name")]
    [InlineData("--schedule cosine:", "'cosine:' has no settings after ':'; expected NAME or NAME:key=value")]
    [InlineData("--schedule reduce-on-plateau:patiens=3", "'patience'")]
    [InlineData("--wrap emma", "'ema'")]
    [InlineData("--wrap ema:decay=2", "decay")]
    [InlineData("--save-every 0", "--save-every")]
    [InlineData("wine --model cnn", "square images")]
    public void Wrong_usage_is_one_line_that_helps(string arguments, string helps)
    {
        Assert.Contains(helps, _tool.Run(["train", .. arguments.Split(' ')]).AssertWrongUsage());
        Assert.Empty(_tool.Files());
    }

    [Theory]
    [InlineData("--schedule", "--schedule is empty; expected none, or one of constant")]
    [InlineData("--out", "the output folder is ''")]
    [InlineData("--optimizer", "There is no optimizer ''")]
    [InlineData("--set", "'' is no setting")]
    public void An_empty_value_is_told(string option, string problem) => Assert.Contains(problem, _tool.Run("train", "iris", option, "").AssertWrongUsage());

    [Fact]
    public void Schedules_and_wrappers_take_options()
    {
        string plain = Hash(), plateau = Hash("--schedule", "reduce-on-plateau:patience=0,factor=0.5,threshold=0.9"), other = Hash("--schedule", "reduce-on-plateau:patience=30");
        Assert.Equal(3, new[] { plain, plateau, other }.Distinct().Count());
        JsonElement json = _tool.Run("train", "iris", "--epochs", "2", "--wrap", "clip-norm:max_norm=0.1", "--wrap", "ema:decay=0.9", "--schedule", "multi-step:milestones=3,6", "--json").Json;
        Assert.Equal(["clip-norm (max_norm = 0.1)", "ema (decay = 0.9, warmup = false)"], json.GetProperty("wrappers").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal("multi-step", json.GetProperty("schedule").GetString());

        string Hash(params string[] more) => _tool.Run(["train", "iris", "--epochs", "4", "--json", .. more]).Json.GetProperty("checkpoint_sha256").GetString()!;
    }

    [Fact]
    public void A_convolutional_network_trains_and_predicts()
    {
        JsonElement json = _tool.Run("train", "digits", "--model", "cnn", "--epochs", "6", "--json").Json;
        Assert.Equal(16 * 9 + 16 + 32 * 16 * 9 + 32 + 10 * 32 * 4 + 10, json.GetProperty("parameters").GetInt32());
        Assert.True(json.GetProperty("test_accuracy").GetDouble() > 0.9);
        Assert.Equal(1798, _tool.Run("predict", "fastgrad-out/digits", "digits").Lines.Length);
    }

    /// <summary>A model and the training that it came from are one; what was changed since is refused by both commands.</summary>
    [Fact]
    public void A_changed_file_is_wrong_usage()
    {
        Assert.Equal(0, _tool.Run("train", "iris", "--epochs", "2", "--json").ExitCode);
        foreach ((string name, string[] command) in ((string, string[])[])[("model.safetensors", ["predict", "fastgrad-out/iris", "iris"]), ("checkpoint.safetensors", ["train", "iris", "--epochs", "2", "--resume"])])
        {
            string path = Path.Combine(_tool.Folder, "fastgrad-out", "iris", name);
            byte[] bytes = File.ReadAllBytes(path);
            bytes[^5] ^= 1;
            File.WriteAllBytes(path, bytes);
            string line = _tool.Run(command).AssertWrongUsage();
            Assert.Contains(name, line);
            Assert.Contains("changed after it was saved", line);
        }
    }

    /// <summary>Ctrl-C in the midst of a training: exit code 1, one line, and nothing half written.</summary>
    [Fact]
    public async Task Interrupt_stops_cleanly()
    {
        if (OperatingSystem.IsWindows())
            return; // there, no process can send another a Ctrl-C of its own
        Process process = _tool.StartInterruptible("train", "digits", "--epochs", "100000");
        await process.StandardError.ReadLineAsync(); // what it is about to do
        await process.StandardError.ReadLineAsync(); // the first epoch
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        ToolResult result = ToolProcess.Finish(process, TimeSpan.FromSeconds(30));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("fastgrad: stopped.", result.ErrorLines[^1]);
        Assert.Empty(result.Output);
        Assert.Empty(_tool.Files());
    }
}
