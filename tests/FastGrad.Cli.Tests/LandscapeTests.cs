using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary><c>fastgrad landscape</c>: of a formula, a saved model, a training.</summary>
public sealed class LandscapeTests : IDisposable
{
    private const string Valley = "(1-x)^2+100*(y-x^2)^2";

    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetDouble())];

    [Fact]
    public void AFormulaIsDrawnWithItsWays()
    {
        string[] asked = ["landscape", Valley, "--box", "x=-2:2,y=-1:3", "--resolution", "9", "--levels", "5", "--optimizers", "sgd:lr=0.001,adam:lr=0.1", "--minimizers", "l-bfgs", "--start", "x=-1,y=1", "--steps", "60"];
        JsonElement json = _tool.Run([.. asked, "--csv", "v.csv", "--svg", "v.svg", "--json"]).Json;
        Assert.Equal("formula", json.GetProperty("kind").GetString());
        string[] table = File.ReadAllLines(Path.Combine(_tool.Folder, "v.csv"));
        Assert.Equal("x,y,loss", table[0]);
        Assert.Equal(82, table.Length);
        for (int j = 0; j < 9; j++)
        {
            double[] row = Numbers(json.GetProperty("values")[j]);
            for (int i = 0; i < 9; i++)
            {
                double x = -2 + 0.5 * i, y = -1 + 0.5 * j;
                Assert.Equal((1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x), row[i], 1e-10);
                Assert.Equal([x, y, row[i]], table[1 + 9 * j + i].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)));
            }
        }
        JsonElement lowest = json.GetProperty("lowest"), paths = json.GetProperty("paths");
        Assert.Equal((1.0, 1.0, 0.0), (lowest.GetProperty("x").GetDouble(), lowest.GetProperty("y").GetDouble(), lowest.GetProperty("loss").GetDouble()));
        Assert.Equal(["sgd:lr=0.001", "adam:lr=0.1", "l-bfgs"], paths.EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        double[] px = Numbers(paths[0].GetProperty("x")), py = Numbers(paths[0].GetProperty("y")), losses = Numbers(paths[2].GetProperty("loss"));
        Assert.Equal(61, px.Length);
        for (int i = 0; i < 60; i++) // gradient descent by hand
        {
            double off = py[i] - px[i] * px[i];
            Assert.Equal(px[i] - 0.001 * (-2 * (1 - px[i]) - 400 * px[i] * off), px[i + 1], 1e-9);
            Assert.Equal(py[i] - 0.001 * 200 * off, py[i + 1], 1e-9);
        }
        Assert.Equal("gradient_tolerance", paths[2].GetProperty("reason").GetString());
        Assert.Equal(4, losses[0]);
        Assert.True(losses[^1] < 1e-15);
        Assert.Equal(1, Numbers(paths[2].GetProperty("x"))[^1], 1e-6);

        XElement svg = XDocument.Load(Path.Combine(_tool.Folder, "v.svg")).Root!;
        Assert.Equal(6, svg.Descendants().Count(e => e.Name.LocalName == "circle"));
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value == "l-bfgs");
        byte[] before = File.ReadAllBytes(Path.Combine(_tool.Folder, "v.svg"));
        ToolResult again = _tool.Run([.. asked, "--svg", "v.svg", "--threads", "1"]);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(_tool.Folder, "v.svg")));
        Assert.Contains("a sgd:lr=0.001  b adam:lr=0.1  c l-bfgs", again.Output);
        Assert.Contains("ended by gradient_tolerance", again.Output);
        Assert.Equal(["v.csv", "v.svg"], _tool.Files());
    }

    [Fact]
    public void ADivergedTrainingFails()
    {
        ToolResult result = _tool.Run("landscape", "diabetes", "--model", "linear", "--optimizer", "sgd:lr=1e30", "--schedule", "none", "--epochs", "9", "--resolution", "2");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("diverged", result.ErrorLines[^1]);
    }

    [Fact]
    public void ALinearModelIsAQuadratic()
    {
        // Of two models, the losses at both ends of the line between them are their own.
        _tool.Run("train", "diabetes", "--model", "linear", "--epochs", "2", "--out", "a");
        _tool.Run("train", "diabetes", "--model", "linear", "--epochs", "1", "--out", "b");
        _tool.Run("train", "diabetes", "--model", "linear", "--epochs", "1", "--seed", "4", "--out", "d");
        double a = _tool.Run("curvature", "a", "diabetes", "--json").Json.GetProperty("loss").GetDouble();
        JsonElement curvature = _tool.Run("curvature", "b", "diabetes", "--count", "2", "--json").Json;
        double b = curvature.GetProperty("loss").GetDouble();
        JsonElement line = _tool.Run("landscape", "a", "diabetes", "--directions", "b", "--resolution", "5", "--csv", "l.csv", "--svg", "l.svg", "--json").Json;
        double[] values = Numbers(line.GetProperty("values")); // at −½, 0, ½, 1, 1½
        Assert.Equal(a, values[1], 1e-12);
        Assert.Equal(b, values[3], 1e-12);
        Assert.Equal(0, values[0] - 4 * values[1] + 6 * values[2] - 4 * values[3] + values[4], 1e-10); // no fourth power
        Assert.StartsWith("x,loss\n-0.5,", File.ReadAllText(Path.Combine(_tool.Folder, "l.csv")));
        XDocument.Load(Path.Combine(_tool.Folder, "l.svg"));
        Assert.Contains("to b", _tool.Run("landscape", "a", "diabetes", "--directions", "b", "--resolution", "5").Output);

        string other = _tool.Run("landscape", "a", "diabetes", "--directions", "d", "--resolution", "2").Output;
        Assert.Contains("d has another scaling of the data", other); // trained on other rows

        // Along eigenvectors a quadratic bends by its eigenvalues, and has no mixed term.
        JsonElement plane = _tool.Run("landscape", "b", "diabetes", "--directions", "eigen", "--resolution", "3", "--json").Json;
        double At(int i, int j) => plane.GetProperty("values")[j][i].GetDouble();
        Assert.Equal(b, At(1, 1), 1e-12);
        for (int k = 0; k < 2; k++)
        {
            double second = k == 0 ? At(0, 1) - 2 * At(1, 1) + At(2, 1) : At(1, 0) - 2 * At(1, 1) + At(1, 2);
            Assert.Equal(curvature.GetProperty("top")[k].GetProperty("eigenvalue").GetDouble(), second, 1e-6);
        }
        Assert.Equal(0, At(0, 0) - At(0, 2) - At(2, 0) + At(2, 2), 1e-6);

        // A random direction moves no bias unless asked; models on the way are drawn.
        JsonElement random = _tool.Run("landscape", "a", "diabetes", "--resolution", "3", "--path", "b", "--directions", "random", "--json").Json;
        Assert.Equal("b".Length, random.GetProperty("paths").GetArrayLength());
        Assert.Equal(b, Numbers(random.GetProperty("paths")[0].GetProperty("loss"))[0], 1e-12);
        Assert.NotEqual(
            random.GetProperty("values").GetRawText(),
            _tool.Run("landscape", "a", "diabetes", "--resolution", "3", "--directions", "random", "--biases", "--json").Json.GetProperty("values").GetRawText());
        Assert.Contains("--path", _tool.Run("landscape", "a", "diabetes", "--directions", "pca").AssertWrongUsage());
        Assert.Contains("nowhere", _tool.Run("landscape", "a", "diabetes", "--directions", "nowhere").AssertWrongUsage());
        Assert.Contains("fewer than 2 dimensions", _tool.Run("landscape", "a", "diabetes", "--path", "b,a,b", "--directions", "pca").AssertWrongUsage());
        Assert.Contains("--dimensions", _tool.Run("landscape", "a", "diabetes", "--directions", "b", "--dimensions", "2").AssertWrongUsage());
        _tool.Run("train", "iris", "--model", "linear", "--epochs", "1", "--out", "c");
        _tool.Run("landscape", "a", "diabetes", "--directions", "c").AssertWrongUsage();
    }

    [Fact]
    public void ATrainingIsDrawnInThePlaneOfItsWay()
    {
        string[] asked = ["landscape", "iris", "--epochs", "6", "--resolution", "4", "--every", "5", "--json"];
        ToolResult result = _tool.Run([.. asked, "--threads", "1", "--svg", "t.svg"]);
        JsonElement json = result.Json, path = json.GetProperty("paths")[0];
        Assert.Equal("training", json.GetProperty("kind").GetString());
        double[] shares = Numbers(json.GetProperty("explained_variance")), x = Numbers(path.GetProperty("x")), y = Numbers(path.GetProperty("y")), off = Numbers(path.GetProperty("distance"));
        Assert.True(shares[0] > shares[1] && shares[1] > 0 && shares.Sum() is > 0.9 and <= 1);
        // 120 rows in batches of 16: 8 updates an epoch, 48 in all; a place after each 5, one at the start, one at the end.
        Assert.Equal(48, json.GetProperty("updates").GetInt32());
        Assert.Equal(11, x.Length);
        Assert.Equal(0, x[^1], 1e-12);
        Assert.Equal(0, y[^1], 1e-12);
        Assert.Equal(0, off[^1], 1e-12);
        Assert.True(x[0] < 0);
        double[] losses = Numbers(path.GetProperty("loss"));
        Assert.Equal(json.GetProperty("center_loss").GetDouble(), losses[^1]);
        Assert.True(losses[^1] < 0.7 * losses[0]);
        JsonElement axis = json.GetProperty("x");
        Assert.InRange(x[0], axis.GetProperty("from").GetDouble(), 0);
        XDocument.Load(Path.Combine(_tool.Folder, "t.svg"));
        JsonElement two = _tool.Run([.. asked, "--threads", "2"]).Json;
        Assert.Equal(json.GetProperty("values").GetRawText(), two.GetProperty("values").GetRawText());
        Assert.Equal(path.GetProperty("loss").GetRawText(), two.GetProperty("paths")[0].GetProperty("loss").GetRawText());
        Assert.Contains("explained variance", _tool.Run("landscape", "iris", "--epochs", "2", "--dimensions", "1", "--resolution", "3").Output);
    }

    [Theory]
    [InlineData("expected two", "landscape", "x^2", "--box", "x=-1:1")]
    [InlineData("no formula", "landscape", "x^2+", "--box", "x=-1:1")]
    [InlineData("--box says nothing of y", "landscape", Valley, "--box", "x=-1:1")]
    [InlineData("--box is 'y=3:1'", "landscape", Valley, "--box", "x=-1:1,y=3:1")]
    [InlineData("--box is 'y=0:inf'", "landscape", Valley, "--box", "x=-1:1,y=0:inf")]
    [InlineData("--box names 'z'", "landscape", Valley, "--box", "x=-1:1,z=0:1")]
    [InlineData("no start", "landscape", Valley, "--box", "x=-1:1,y=0:1", "--optimizers", "adam")]
    [InlineData("nothing starts", "landscape", Valley, "--box", "x=-1:1,y=0:1", "--start", "x=0,y=0")]
    [InlineData("--start says nothing of y", "landscape", Valley, "--box", "x=-1:1,y=0:1", "--start", "x=0", "--optimizers", "adam")]
    [InlineData("adamn", "landscape", Valley, "--box", "x=-1:1,y=0:1", "--start", "x=0,y=0", "--optimizers", "adamn")]
    [InlineData("at the start", "landscape", "log(x)+y", "--box", "x=1:2,y=0:1", "--start", "x=0,y=0", "--optimizers", "adam")]
    [InlineData("--resolution", "landscape", Valley, "--box", "x=-1:1,y=0:1", "--resolution", "1")]
    [InlineData("--directions is given", "landscape", Valley, "--box", "x=-1:1,y=0:1", "--directions", "pca")]
    [InlineData("--svg", "landscape", Valley, "--box", "x=-1:1,y=0:1", "--svg", "no/folder/a.svg")]
    [InlineData("--box is given", "landscape", "iris", "--box", "x=-1:1")]
    [InlineData("--range", "landscape", "iris", "--range", "0")]
    [InlineData("no directions 'up'", "landscape", "iris", "--directions", "up")]
    [InlineData("nowhere", "landscape", "nowhere", "iris")]
    public void WrongUsageIsNamed(string said, params string[] arguments)
    {
        Assert.Contains(said, _tool.Run(arguments).AssertWrongUsage());
        Assert.Empty(_tool.Files());
    }
}
