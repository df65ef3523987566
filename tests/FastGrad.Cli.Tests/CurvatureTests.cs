using System.Globalization;
using System.Text.Json;
using FastGrad.Analysis.Curvature;
using FastGrad.Autograd;
using FastGrad.Serialization;
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

    /// <summary>A saved network with one hidden layer against the eigenvalues of the dense Hessian of its loss, written anew here from the saved numbers.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AHiddenLayersEigenvaluesAreThoseOfTheDenseHessian(bool classifies)
    {
        const int Rows = 14, Hidden = 4;
        int outputs = classifies ? 3 : 1;
        double[] Numbers(int count, int salt) => [.. Enumerable.Range(0, count).Select(i => Math.Sin(12.9898 * (i + 1) + 78.233 * salt))];
        double[] x = Numbers(2 * Rows, 1), y = Numbers(Rows, 2), theta = Numbers(Hidden * 2 + Hidden + outputs * Hidden + outputs, 3);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(i => i * 5 % 3)];
        string data = _tool.Write("rows.csv", "a,b,out\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{x[2 * i]:R},{x[2 * i + 1]:R},{(classifies ? labels[i] : y[i]):R}\n"))));
        string model = Save("hidden.safetensors", classifies, 2, Hidden, outputs, "\"a\",\"b\"", classifies ? "\"0\",\"1\",\"2\"" : "", theta);

        Tensor<double> inputs = Tensor.From<double>(x, [Rows, 2]), targets = Tensor.From<double>(y, [Rows, 1]);
        double[] dense = SymmetricEigenvalues.Of(Transforms.Hessian<double>(Loss, Tensor.From<double>(theta)));
        JsonElement json = _tool.Run("curvature", model, data, "--count", "3", "--lr", "0.5", "--json").Json;
        Assert.Equal((theta.Length, "evaluation"), (json.GetProperty("parameters").GetInt32(), json.GetProperty("mode").GetString()));
        Assert.Equal(Loss(Tensor.From<double>(theta)).Item(), json.GetProperty("loss").GetDouble(), 1e-12);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(dense[^(i + 1)], json.GetProperty("top")[i].GetProperty("eigenvalue").GetDouble(), 1e-8);
            Assert.Equal(dense[i], json.GetProperty("bottom")[i].GetProperty("eigenvalue").GetDouble(), 1e-8);
        }
        Assert.Equal(dense[^1], json.GetProperty("sharpness").GetDouble(), 1e-8);
        Assert.Equal((0.5, 4.0, dense[^1] < 4), (json.GetProperty("lr").GetDouble(), json.GetProperty("two_over_lr").GetDouble(), json.GetProperty("stable").GetBoolean()));
        Assert.Equal("not critical", json.GetProperty("kind").GetString());

        Tensor<double> Loss(Tensor<double> p)
        {
            int at = 0;
            Tensor<double> w = Part(Hidden, 2), b = Part(1, Hidden), v = Part(outputs, Hidden), c = Part(1, outputs);
            Tensor<double> answer = (inputs.MatMul(w.Transpose()) + b).Tanh().MatMul(v.Transpose()) + c;
            if (!classifies)
                return (answer - targets).Square().Mean();
            // Σ log Σ exp(z) − z of the label, by rows.
            Tensor<double> chosen = Tensor.From<double>([.. labels.SelectMany(label => Enumerable.Range(0, 3).Select(k => k == label ? 1.0 : 0))], [Rows, 3]);
            return (answer.Exp().Sum([1]).Log().Sum() - (answer * chosen).Sum()) / Rows;

            Tensor<double> Part(int rows, int columns)
            {
                Tensor<double> part = p.Slice(0, at, rows * columns).Reshape([rows, columns]);
                at += rows * columns;
                return part;
            }
        }
    }

    /// <summary>a·tanh(w·x + b) + c at zero, for y of mean 0: the gradient is 0, and the Hessian has ±2·mean(x·y), 2, and 0 by hand. The tool says so and leads away.</summary>
    [Fact]
    public void APlantedSaddleIsReportedAndLeft()
    {
        double[] x = [-2, -1, 1, 2], y = [-1.5, -1, 1, 1.5];
        double mixed = 2 * x.Zip(y, (a, b) => a * b).Average(), loss = y.Average(v => v * v);
        string data = _tool.Write("saddle.csv", "x,y\n" + string.Concat(x.Zip(y, (a, b) => string.Create(CultureInfo.InvariantCulture, $"{a},{b}\n"))));
        string model = Save("saddle.safetensors", classifies: false, 1, 1, 1, "\"x\"", "", new double[4], target: "y");
        JsonElement json = _tool.Run("curvature", model, data, "--json").Json;
        Assert.Equal(("saddle", 1, true), (json.GetProperty("kind").GetString(), json.GetProperty("index").GetInt32(), json.GetProperty("index_is_exact").GetBoolean()));
        Assert.Equal(-mixed, json.GetProperty("bottom")[0].GetProperty("eigenvalue").GetDouble(), 1e-9);
        Assert.Equal(mixed, json.GetProperty("top")[0].GetProperty("eigenvalue").GetDouble(), 1e-9);
        Assert.Equal(loss, json.GetProperty("loss").GetDouble(), 1e-12);
        Assert.Equal(-mixed, json.GetProperty("escape").GetProperty("curvature").GetDouble(), 1e-9);
        Assert.InRange(json.GetProperty("escape").GetProperty("loss").GetDouble(), 0, 0.5 * loss);
        string text = _tool.Run("curvature", model, data, "--lr", "0.3").Output;
        Assert.Contains("saddle, index 1", text);
        Assert.Contains("the loss falls to", text);
        Assert.Contains("in evaluation mode", text);
        Assert.Contains("2/lr = 6.66667: gradient descent at 0.3 is stable", text);
        Assert.Contains("unstable", _tool.Run("curvature", model, data, "--lr", "0.9").Output);
    }

    // The layout of saved models: metadata, then 0.weight [hidden, inputs], 0.bias, 2.weight, 2.bias.
    private string Save(string name, bool classifies, int inputs, int hidden, int outputs, string features, string labels, double[] theta, string target = "out")
    {
        SafeTensorsWriter writer = new();
        writer.SetMetadata("fastgrad.model", $$"""
            {"format_version":1,"task":"{{(classifies ? "classification" : "regression")}}","precision":"float64",
            "architecture":{"name":"mlp","inputs":{{inputs}},"outputs":{{outputs}},"hidden":[{{hidden}}],"activation":"tanh"},
            "features":[{{features}}],"labels":[{{labels}}],"targets":["{{target}}"]}
            """);
        int at = 0;
        foreach ((string key, int[] shape) in (ReadOnlySpan<(string, int[])>)[("0.weight", [hidden, inputs]), ("0.bias", [hidden]), ("2.weight", [outputs, hidden]), ("2.bias", [outputs])])
        {
            int length = shape.Aggregate((a, b) => a * b);
            writer.Add<double>(key, shape, theta.AsSpan(at, length));
            at += length;
        }
        string path = Path.Combine(_tool.Folder, name);
        writer.Save(path);
        return path;
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
