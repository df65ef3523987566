using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>lr-find and compare on real data.</summary>
public sealed class RangeAndComparisonTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>What is suggested learns: better than a hundredth of it, and than the highest rate tried.</summary>
    [Fact]
    public void A_suggested_rate_learns()
    {
        JsonElement range = _tool.Run("lr-find", "digits", "--optimizer", "sgd:momentum=0.9", "--seed", "1", "--json").Json;
        double rate = range.GetProperty("suggestion").GetDouble();
        Assert.True(range.GetProperty("diverged").GetBoolean());
        JsonElement[] points = [.. range.GetProperty("points").EnumerateArray()];
        Assert.Equal(1e-6, points[0].GetProperty("lr").GetDouble(), 1e-15);
        Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.First.GetProperty("lr").GetDouble() < pair.Second.GetProperty("lr").GetDouble()));
        double good = Accuracy(rate);
        Assert.True(good > 0.9, $"{good} at {rate}");
        Assert.True(good > Accuracy(rate / 100) + 0.05);
        Assert.True(good > Accuracy(points[^1].GetProperty("lr").GetDouble() * 3) + 0.05);
        Assert.Empty(Directory.EnumerateFiles(_tool.Folder)); // nothing is written but what train wrote

        double Accuracy(double lr)
        {
            ToolResult result = _tool.Run("train", "digits", "--optimizer", "sgd", "--set", "momentum=0.9", "--set", $"lr={lr:R}", "--schedule", "none", "--epochs", "5", "--seed", "1", "--json");
            return result.ExitCode == 1 ? 0 : result.Json.GetProperty("test_accuracy").GetDouble(); // it may have diverged
        }
    }

    [Fact]
    public void The_range_is_drawn()
    {
        ToolResult result = _tool.Run("lr-find", "iris", "--steps", "60");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("smoothed loss", result.Lines[0]);
        Assert.True(result.Lines.Count(line => line.Contains('┤')) >= 10);
        Assert.Contains("learning rate", result.Output);
        Assert.Contains("--set lr=", result.Lines[^1]);
        Assert.All(result.Lines, line => Assert.True(line.Length <= 100, line));
        Assert.Empty(result.Error);
    }

    [Fact]
    public void A_comparison_has_a_curve_and_a_spread_for_each_optimizer()
    {
        ToolResult result = _tool.Run("compare", "iris", "--optimizers", "sgd:lr=0.1,momentum=0.9,adamw,sgd:lr=1e-7", "--seeds", "3", "--epochs", "6", "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] rows = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["sgd", "adamw", "sgd"], rows.Select(row => row.GetProperty("optimizer").GetString()));
        Assert.Equal("0.9", rows[0].GetProperty("options").GetProperty("momentum").GetString());
        foreach (JsonElement row in rows)
        {
            Assert.Equal((3, 6), (row.GetProperty("seeds").GetInt32(), row.GetProperty("epochs").GetInt32()));
            JsonElement loss = row.GetProperty("train_loss");
            Assert.Equal(6, loss.GetProperty("mean_curve").GetArrayLength());
            Assert.Equal(loss.GetProperty("mean").GetDouble(), loss.GetProperty("mean_curve")[5].GetDouble());
            Assert.Equal(loss.GetProperty("deviation").GetDouble(), loss.GetProperty("deviation_curve")[5].GetDouble());
            Assert.True(loss.GetProperty("deviation").GetDouble() > 0);
        }
        Assert.True(Accuracy(rows[0]) > Accuracy(rows[2]) + 0.1);
        // The numbers are those of the trainings themselves.
        double[] alone = [.. Enumerable.Range(0, 3).Select(seed => _tool.Run("train", "iris", "--epochs", "6", "--seed", $"{seed}", "--json").Json.GetProperty("test_accuracy").GetDouble())];
        Assert.Equal(alone.Average(), Accuracy(rows[1]), 1e-12);
        Assert.Equal(alone.Min(), rows[1].GetProperty("test_accuracy").GetProperty("lowest").GetDouble());
        Assert.Equal(Math.Sqrt(alone.Sum(a => (a - alone.Average()) * (a - alone.Average())) / 2), rows[1].GetProperty("test_accuracy").GetProperty("deviation").GetDouble(), 1e-12);

        static double Accuracy(JsonElement row) => row.GetProperty("test_accuracy").GetProperty("mean").GetDouble();
    }

    [Fact]
    public void A_comparison_is_one_table_and_one_picture()
    {
        ToolResult result = _tool.Run("compare", "diabetes", "--optimizers", "sgd,adam", "--seeds", "2", "--epochs", "3");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("R²", result.Output);
        Assert.Contains("a sgd", result.Output);
        Assert.Contains("b adam", result.Output);
        Assert.Contains("±", result.Output);
        Assert.Contains("mean training loss, logarithmic", result.Output);
        Assert.Empty(_tool.Files());
    }
}
