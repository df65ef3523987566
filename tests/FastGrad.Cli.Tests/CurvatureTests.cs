using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary><c>fastgrad curvature</c> and <c>fastgrad flow</c>.</summary>
public sealed class CurvatureTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void ALinearModelIsAtAMinimumOfAConvexLoss()
    {
        Assert.Equal(0, _tool.Run("train", "diabetes", "--model", "linear", "--epochs", "3", "--json").ExitCode);
        JsonElement json = _tool.Run("curvature", "fastgrad-out/diabetes", "diabetes", "--count", "2", "--json").Json;
        Assert.Equal(11, json.GetProperty("parameters").GetInt32());
        Assert.True(json.GetProperty("index_is_exact").GetBoolean());
        Assert.Equal(0, json.GetProperty("index").GetInt32());
        double top = json.GetProperty("top")[0].GetProperty("eigenvalue").GetDouble(), trace = json.GetProperty("trace").GetDouble();
        Assert.True(json.GetProperty("bottom")[0].GetProperty("eigenvalue").GetDouble() > 0);
        Assert.True(top < 22 && trace > top); // the trace of 2·mean(x·xᵀ) over 10 standardized features and the constant is about 22
        Assert.Equal(top < 20, json.GetProperty("stable").GetBoolean());
        string text = _tool.Run("curvature", "fastgrad-out/diabetes", "diabetes").Output;
        Assert.Contains("density of eigenvalues", text);
        Assert.Contains("nowhere", _tool.Run("curvature", "nowhere", "diabetes").AssertWrongUsage());
        Assert.Contains("--lr", _tool.Run("curvature", "fastgrad-out/diabetes", "diabetes", "--lr", "0").AssertWrongUsage());
        _tool.Run("curvature", "fastgrad-out/diabetes", "iris").AssertWrongUsage();
    }

    [Fact]
    public void AFlowIsNamedAndMended()
    {
        JsonElement json = _tool.Run("flow", "--depth", "30", "--width", "32", "--json").Json;
        Assert.Equal("vanishing", json.GetProperty("verdict").GetString());
        Assert.InRange(json.GetProperty("factor").GetDouble(), 0.2, 0.27);
        JsonElement mend = Assert.Single(json.GetProperty("mends").EnumerateArray(), m => m.GetProperty("change").GetString() == "He initialization and ReLU");
        Assert.Equal("steady", mend.GetProperty("verdict").GetString());
        Assert.Equal((31, 1, "0"), (json.GetProperty("layers").GetArrayLength(), json.GetProperty("layers")[0].GetProperty("position").GetInt32(), json.GetProperty("layers")[0].GetProperty("name").GetString()));
        JsonElement exploding = _tool.Run("flow", "--depth", "30", "--width", "32", "--activation", "none", "--init", "he", "--clip", "2", "--steps", "5", "--json").Json;
        JsonElement clipped = Assert.Single(exploding.GetProperty("mends").EnumerateArray(), m => m.GetProperty("change").GetString() == "clipping to 2").GetProperty("training");
        Assert.True(clipped.GetProperty("clipped").GetInt32() > 0 && clipped.GetProperty("steps").GetInt32() == 5);
        Assert.False(_tool.Run("flow", "--depth", "3", "--width", "4", "--steps", "0", "--json").Json.TryGetProperty("training", out _));
        Assert.Contains("--lr", _tool.Run("flow", "--lr", "0").AssertWrongUsage());
        Assert.Contains("vanishing: the gradient is multiplied by 0.2", _tool.Run("flow", "--width", "16").Output);
        Assert.Contains("sigmoid", _tool.Run("flow", "--activation", "sine").AssertWrongUsage());
    }
}
