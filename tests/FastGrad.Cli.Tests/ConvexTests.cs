using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary><c>fastgrad convex</c>: verdicts with what they rest on.</summary>
public sealed class ConvexTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void AProofIsAChainOfRules()
    {
        JsonElement json = _tool.Run("convex", "log(1+exp(-x))", "--json").Json;
        Assert.Equal("convex", json.GetProperty("verdict").GetString());
        Assert.Contains(json.GetProperty("rules").EnumerateArray(), rule => rule.GetString()!.StartsWith("exp(-x) is convex", StringComparison.Ordinal));
        Assert.Equal("convex", json.GetProperty("variables").GetProperty("x").GetString());
    }

    [Fact]
    public void ARefutationIsASegment()
    {
        JsonElement json = _tool.Run("convex", "x^4 - x^2", "--json").Json, segment = json.GetProperty("counterexample");
        Assert.Equal("not convex", json.GetProperty("verdict").GetString());
        double x = segment.GetProperty("x").GetProperty("x").GetDouble(), y = segment.GetProperty("y").GetProperty("x").GetDouble(), l = segment.GetProperty("lambda").GetDouble();
        Assert.True(F(l * x + (1 - l) * y) > l * F(x) + (1 - l) * F(y));

        static double F(double v) => v * v * v * v - v * v;
    }

    [Fact]
    public void ABoxDecides() =>
        Assert.Equal("convex on a box", _tool.Run("convex", "x^4 - x^2", "--box", "x=1:2", "--json").Json.GetProperty("verdict").GetString());

    [Fact]
    public void AFormulaMayBeginWithASign() =>
        Assert.Equal("convex", _tool.Run("convex", "-log(x)", "--json").Json.GetProperty("verdict").GetString());

    [Theory]
    [InlineData("sine(x)", "x=0:1", "sin")]
    [InlineData("x+", "x=0:1", "ends")]
    [InlineData("x^2", "x=1:0", "--box")]
    [InlineData("x^2", "z=0:1", "'z'")]
    public void WrongUsageIsOneLine(string formula, string box, string part) =>
        Assert.Contains(part, _tool.Run("convex", formula, "--box", box).AssertWrongUsage(), StringComparison.Ordinal);
}
