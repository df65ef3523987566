using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>Steady training steps allocate nothing, neither by the caller nor by any other thread of the process.</summary>
public sealed class AllocationTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void All_seven_steps(string threads)
    {
        JsonElement[] rows = Rows("train.", threads);
        Assert.Equal(7, rows.Length);
        Assert.All(rows, row =>
        {
            Assert.True(row.GetProperty("caller_bytes").GetInt64() == 0, row.ToString());
            Assert.True(row.GetProperty("all_bytes").GetInt64() == 0, row.ToString());
        });
    }

    /// <summary>The counters count: a trainer makes something anew.</summary>
    [Fact]
    public void What_is_allocated_is_seen()
    {
        JsonElement row = Assert.Single(Rows("option.gather.digits.b64.off", "1"));
        Assert.True(row.GetProperty("caller_bytes").GetInt64() > 0);
        Assert.True(row.GetProperty("all_bytes").GetInt64() >= 100);
    }

    private JsonElement[] Rows(string filter, string threads) =>
        [.. _tool.Run("bench", "--filter", filter, "--threads", threads, "--allocations", "--json").Lines.Select(line => JsonDocument.Parse(line).RootElement)];
}
