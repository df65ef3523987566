using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>Broken tables: each one clear line that names file, row and column, exit code 2, nothing written.</summary>
public sealed class CsvTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string, string> Broken() => new()
    {
        { "a,b,y\n1,2,0\n3,tall,1\n", "t.csv: row 2 (line 3), column 'b'" },
        { "a,b,y\n1,2,0\n3,,1\n", "t.csv: row 2 (line 3), column 'b'" },
        { "a,b,y\n1,2,0\n3,4\n", "t.csv: row 2 (line 3)" },
        { "a,b,y\n1,2,0\n3,4,1,5\n", "t.csv: row 2 (line 3)" },
        { "a,b,y\n", "t.csv" },
        { "", "t.csv" },
        { "a,b,y\n1,2,0\n3," + new string('9', 5_000_000) + ",1\n", "t.csv: row 2 (line 3), column 'b'" },
        { "a,b,y\n1,2,0\n3,\"4,1\n", "t.csv" },
        { "a,b\u0007,y\n1,2,0\n3,4,1\n", "column 2 of 3 is named 'b\\u0007', with a control character" },
        { "a\tb\ty\n1\t2\t0\n", "separated by commas" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Training_on_it_is_wrong_usage(string text, string place)
    {
        string path = _tool.Write("t.csv", text);
        string line = _tool.Run("train", path).AssertWrongUsage();
        Assert.Contains(place, line);
        Assert.True(line.Length < 300, line);
        Assert.Equal(["t.csv"], _tool.Files());
    }

    [Fact]
    public void A_good_table_trains_and_its_model_predicts()
    {
        string rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 5 * 0.5},{(i % 7 > 3 ? "yes" : "no")}\n"));
        string path = _tool.Write("t.csv", "a,b,\"is it, then\"\n" + rows);
        Assert.Equal("t", _tool.Run("train", path, "--json").Json.GetProperty("dataset").GetString());
        string unknown = _tool.Write("u.csv", "b,a\n0.5,6\n1,0\n");
        ToolResult csv = _tool.Run("predict", "fastgrad-out/t/model.safetensors", unknown);
        Assert.Equal("\"is it, then\",probability", csv.Lines[0]);
        Assert.StartsWith("yes,", csv.Lines[1]);
        Assert.StartsWith("no,", csv.Lines[2]);
        ToolResult json = _tool.Run("predict", "fastgrad-out/t", unknown, "--json");
        Assert.Equal(2, json.Lines.Length);
        using var first = System.Text.Json.JsonDocument.Parse(json.Lines[0]);
        Assert.Equal("yes", first.RootElement.GetProperty("label").GetString());
        Assert.Equal(1, first.RootElement.GetProperty("probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()), 1e-6);
    }

    [Theory]
    [InlineData("a,b,y\n1,2,3\n", "u.csv")] // of another table
    [InlineData("sepal_length_cm,sepal_width_cm,petal_length_cm\n1,2,3\n", "column 'petal_width_cm'")]
    [InlineData("sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,more\n1,2,3,4,5\n", "column 'more'")]
    [InlineData("sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n1,2,x,4\n", "row 1 (line 2), column 'petal_length_cm'")]
    [InlineData("sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n", "u.csv")]
    public void Predicting_from_it_is_wrong_usage(string text, string place)
    {
        Assert.Equal(0, _tool.Run("train", "iris", "--epochs", "1", "--json").ExitCode);
        string[] before = _tool.Files();
        string path = _tool.Write("u.csv", text);
        Assert.Contains(place, _tool.Run("predict", "fastgrad-out/iris", path).AssertWrongUsage());
        Assert.Equal([.. before, "u.csv"], _tool.Files());
    }

    [Fact]
    public void A_model_that_is_none_is_wrong_usage()
    {
        _tool.Write("m.safetensors", "this is no model");
        Assert.Contains("m.safetensors", _tool.Run("predict", "m.safetensors", "iris").AssertWrongUsage());
        Assert.Contains("nowhere", _tool.Run("predict", "nowhere.safetensors", "iris").AssertWrongUsage());
    }
}
