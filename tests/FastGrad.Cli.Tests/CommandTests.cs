using System.Text.Json;
using FastGrad.Analysis.Catalogue;
using Xunit;

namespace FastGrad.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("predict")]
    [InlineData("results")]
    [InlineData("lr-find")]
    [InlineData("compare")]
    [InlineData("plugins")]
    [InlineData("check")]
    [InlineData("convex")]
    [InlineData("curvature")]
    [InlineData("flow")]
    [InlineData("info")]
    [InlineData("bench")]
    public void Every_command_has_help(string command)
    {
        ToolResult result = _tool.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"fastgrad {command}".TrimEnd(), result.Output[result.Output.IndexOf("Usage:", StringComparison.Ordinal)..]);
        if (command.Length > 0)
            Assert.Contains("--json", result.Output);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("trian")]
    [InlineData("bench --filter no.such.workload")]
    [InlineData("check no-such-operator")]
    [InlineData("predict")]
    [InlineData("plugins no-such-plugin")]
    [InlineData("info --jsn")]
    [InlineData("results --seeds 0")]
    [InlineData("lr-find nowhere")]
    [InlineData("lr-find --low 0")]
    [InlineData("lr-find --low 1 --high 0.1")]
    [InlineData("lr-find --steps 1")]
    [InlineData("lr-find --high inf")]
    [InlineData("lr-find --low x")]
    [InlineData("lr-find --optimizer adamm")]
    [InlineData("lr-find --set lr=1")]
    [InlineData("compare --optimizers adam,adam")]
    [InlineData("compare --optimizers adam:lrr=1")]
    [InlineData("compare --optimizers adam:lr=1,lr=2")]
    [InlineData("compare --optimizers adam,,sgd")]
    [InlineData("compare --optimizers nothing")]
    [InlineData("compare --seeds 0")]
    [InlineData("compare .")]
    public void Wrong_usage_is_one_line(string arguments) => _tool.Run(arguments.Split(' ')).AssertWrongUsage();

    [Fact]
    public void An_unknown_command_gets_the_nearest() => Assert.Contains("'train'", _tool.Run("trian").AssertWrongUsage());

    [Fact]
    public void No_command_is_wrong_usage() => Assert.Equal(2, _tool.Run().ExitCode);

    [Fact]
    public void Plugins_lists_what_training_takes()
    {
        JsonElement json = _tool.Run("plugins", "--json").Json;
        JsonElement adamw = json.GetProperty("optimizers").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "adamw");
        JsonElement rate = adamw.GetProperty("options").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "lr");
        Assert.Equal("0.001", rate.GetProperty("default").GetString());
        Assert.Contains(adamw.GetProperty("state").EnumerateArray(), slot => slot.GetProperty("slot").GetString() == "exp_avg");
        Assert.Contains(json.GetProperty("schedules").EnumerateArray(), s => s.GetProperty("name").GetString() == "cosine");
        JsonElement plateau = json.GetProperty("schedules").EnumerateArray().Single(s => s.GetProperty("metric_driven").GetBoolean());
        Assert.Equal("reduce-on-plateau", plateau.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Array, json.GetProperty("wrappers").ValueKind);
        Assert.Contains("adamw", _tool.Run("plugins").Output);
    }

    [Theory]
    [InlineData("ADAMW", "optimizer adamw")]
    [InlineData("ema", "wrapper ema")]
    [InlineData("cosine", "schedule cosine")]
    [InlineData("reduce-on-plateau", "schedule reduce-on-plateau")]
    public void Plugins_shows_one_alone(string name, string title)
    {
        string[] titles = [.. _tool.Run("plugins", name).Lines.Where(line => line.StartsWith("optimizer ") || line.StartsWith("wrapper ") || line.StartsWith("schedule "))];
        Assert.StartsWith(title, Assert.Single(titles));
        JsonElement json = _tool.Run("plugins", name, "--json").Json;
        Assert.Equal(1, json.EnumerateObject().Where(list => list.Value.ValueKind == JsonValueKind.Array).Sum(list => list.Value.GetArrayLength()));
    }

    [Fact]
    public void A_suggestion_is_not_hidden_by_a_long_list() =>
        Assert.EndsWith("'silou'. Did you mean 'silu'?", _tool.Run("check", "silou").AssertWrongUsage());

    [Theory]
    [InlineData("nowhere", "there is no model 'nowhere': neither a file nor a folder.")]
    [InlineData(".", "there is no model.safetensors in the folder '.'.")]
    public void Predict_names_the_model_that_is_not_there(string model, string message) =>
        Assert.Contains(message, _tool.Run("predict", model, "iris").AssertWrongUsage());

    [Fact]
    public void Info_says_what_runs_and_why()
    {
        JsonElement json = _tool.Run([("DOTNET_EnableHWIntrinsic", "0")], "info", "--json").Json;
        Assert.Equal("scalar", json.GetProperty("isa").GetString());
        Assert.Contains("hide", json.GetProperty("isa_reason").GetString());
        Assert.True(json.GetProperty("threads").GetInt32() >= 1);
        Assert.Contains("isa", _tool.Run("info").Output);
    }

    [Fact]
    public void Check_passes_for_every_operator()
    {
        ToolResult result = _tool.Run("check", "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        string[] names = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement).Where(row => row.GetProperty("passed").GetBoolean()).Select(row => row.GetProperty("operator").GetString()!)];
        Assert.Equal(OperatorCatalogue.All.Select(row => row.Name), names);
        Assert.Contains("passed", _tool.Run("check", "tanh").Output);
    }

    [Fact]
    public void Bench_measures_and_checks()
    {
        JsonElement json = _tool.Run("bench", "--filter", "train.xor.b4", "--threads", "1", "--json").Json;
        Assert.Equal("train.xor.b4", json.GetProperty("workload").GetString());
        Assert.True(json.GetProperty("samples").GetInt32() >= 9);
        Assert.True(json.GetProperty("min_us").GetDouble() <= json.GetProperty("median_us").GetDouble());
        Assert.Equal(0.515304, json.GetProperty("check").GetDouble(), 0.515304e-4);
        Assert.Equal(0.251396, json.GetProperty("check20").GetDouble(), 0.251396e-3);
        Assert.Contains("opt.adamw.1M", _tool.Run("bench", "--list").Lines);
        Assert.Equal("sgemm.nt.3x5x7", _tool.Run("bench", "--filter", "sgemm.nt.3x5x7", "--json").Json.GetProperty("workload").GetString());
    }
}
