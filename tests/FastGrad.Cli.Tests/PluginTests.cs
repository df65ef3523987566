using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>Wrappers by name, and folders with plugins, from the command line. A plugin from nothing to its listing is in TemplateTests.</summary>
public sealed class PluginTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Everything_is_listed_with_source_traits_options_and_state()
    {
        JsonElement json = _tool.Run("plugins", "--json").Json;
        foreach ((string list, int least) in new[] { ("optimizers", 32), ("wrappers", 6), ("schedules", 18) })
        {
            JsonElement[] rows = [.. json.GetProperty(list).EnumerateArray()];
            Assert.True(rows.Length >= least, $"{rows.Length} {list}");
            Assert.All(rows, row => Assert.True(row.GetProperty("source").GetString()!.Length > 10, row.GetProperty("name").GetString()));
            Assert.All(rows.SelectMany(row => row.GetProperty("options").EnumerateArray()), option =>
            {
                Assert.NotEmpty(option.GetProperty("type").GetString()!);
                Assert.NotEmpty(option.GetProperty("expected").GetString()!);
                Assert.Equal(JsonValueKind.String, option.GetProperty("default").ValueKind);
            });
        }
        Assert.All(json.GetProperty("optimizers").EnumerateArray(), row =>
        {
            Assert.Equal(JsonValueKind.Array, row.GetProperty("traits").ValueKind);
            Assert.NotEqual(0, row.GetProperty("state").GetArrayLength());
        });
        Dictionary<string, string[]> around = json.GetProperty("wrappers").EnumerateArray().ToDictionary(
            row => row.GetProperty("name").GetString()!,
            row => row.GetProperty("state").EnumerateArray().Select(slot => $"{slot.GetProperty("owner").GetString()}: {slot.GetProperty("slot").GetString()} {slot.GetProperty("dtype").GetString()} {slot.GetProperty("shape").GetString()}").ToArray());
        Assert.Equal(["parameter: lookahead_slow Float32 [8, 8]"], around["lookahead"]);
        Assert.Equal(["parameter: swa_average Float32 [8, 8]", "@swa: averaged Int64 []"], around["swa"]);
        Assert.Empty(around["clip-norm"]);
    }

    [Fact]
    public void Training_takes_wrappers_from_the_innermost_out()
    {
        string[] run = ["train", "iris", "--epochs", "2", "--optimizer", "sgd", "--wrap", "centralize", "--wrap", "ema:decay=0.5,warmup=true", "--json"];
        JsonElement json = _tool.Run(run).Json;
        Assert.Equal(["centralize ()", "ema (decay = 0.5, warmup = true)"], json.GetProperty("wrappers").EnumerateArray().Select(w => w.GetString()));
        JsonElement bare = _tool.Run([.. run.Where(a => a is not ("--wrap" or "centralize" or "ema:decay=0.5,warmup=true"))]).Json;
        Assert.NotEqual(bare.GetProperty("checkpoint_sha256").GetString(), json.GetProperty("checkpoint_sha256").GetString());
    }

    [Theory]
    [InlineData("There is no wrapper 'emma'. Did you mean 'ema'?", "train", "iris", "--wrap", "emma")]
    [InlineData("ema has no option 'dekay'.", "train", "iris", "--wrap", "ema:dekay=1")]
    [InlineData("'decay' is no setting; expected key=value.", "train", "iris", "--wrap", "ema:decay")]
    [InlineData("'sgd,,adam' has nothing after a comma; expected", "compare", "iris", "--optimizers", "sgd,,adam")]
    [InlineData("',adam' has nothing before its first comma; expected", "compare", "iris", "--optimizers", ",adam")]
    [InlineData("'adam:' has no settings after ':'; expected", "compare", "iris", "--optimizers", "adam:")]
    [InlineData("There is no folder 'nowhere' to load plugins from.", "plugins", "--plugins", "nowhere")]
    [InlineData("There is no folder 'nowhere' to load plugins from.", "train", "iris", "--plugins", "nowhere")]
    public void What_is_not_there_is_wrong_usage(string expected, params string[] arguments) =>
        Assert.Contains(expected, _tool.Run(arguments).AssertWrongUsage(), StringComparison.Ordinal);

    [Fact]
    public void A_refused_file_is_named_and_the_rest_is_listed()
    {
        _tool.Write("Broken.dll", "no assembly");
        ToolResult list = _tool.Run("plugins", "--plugins", ".", "--json");
        Assert.Equal(1, list.ExitCode);
        Assert.EndsWith("Broken.dll: is no assembly of .NET.", Assert.Single(list.ErrorLines), StringComparison.Ordinal);
        Assert.NotEqual(0, JsonDocument.Parse(Assert.Single(list.Lines)).RootElement.GetProperty("optimizers").GetArrayLength());
        ToolResult train = _tool.Run("train", "iris", "--plugins", ".");
        Assert.Equal((1, ""), (train.ExitCode, train.Output));
        Assert.EndsWith("Broken.dll: is no assembly of .NET.", Assert.Single(train.ErrorLines), StringComparison.Ordinal);
    }
}
