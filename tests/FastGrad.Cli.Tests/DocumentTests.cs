using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>The programs in docs/ run as they stand, and say what the pages say they say.</summary>
[Collection(Builds.Name)]
public sealed partial class DocumentTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [GeneratedRegex(@"away from the derivative by\s+(?<away>\S+)")]
    private static partial Regex Distances();

    private string Run(string document)
    {
        ToolResult result = ToolProcess.Finish(_tool.Start(ToolProcess.Host, ["run", Path.Combine(ToolProcess.Root, "docs", document)], Builds.Environment), TimeSpan.FromMinutes(5));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    [Fact]
    public void The_first_page_runs()
    {
        string page = Run("first.cs");
        double[] away = [.. Distances().Matches(page).Select(m => Math.Abs(double.Parse(m.Groups["away"].Value, CultureInfo.InvariantCulture)))];
        Assert.True(away.Length >= 4);
        for (int i = 1; i < away.Length; i++)
            Assert.InRange(away[i], 0.05 * away[i - 1], 0.2 * away[i - 1]); // a forward secant's error falls with h
        // f′(2) = sin 2 + 2·cos 2
        Assert.Contains((Math.Sin(2) + 2 * Math.Cos(2)).ToString("F6", CultureInfo.InvariantCulture), page);
        // mean of 2·(−y)·x and of 2·(−y) for x = 1 … 4, y = 2x + 1
        Assert.Contains("∂loss/∂w = -35,", page);
        Assert.Contains("∂loss/∂b = -12,", page);
        // softmax of (2, 1, −1), less (1, 0, 0)
        double[] e = [Math.Exp(2), Math.Exp(1), Math.Exp(-1)];
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"gradient = {e[0] / e.Sum() - 1,7:F4}  {e[1] / e.Sum(),7:F4}  {e[2] / e.Sum(),7:F4}"), page);
        // Descent on (w, b) by hand, with the gradient itself and with the sum of all gradients so far.
        Assert.Contains($"with ZeroGrad():    loss {Descent(forget: false)}", page);
        Assert.Contains($"without ZeroGrad(): loss {Descent(forget: true)}", page);
    }

    [Fact]
    public void The_service_page_runs()
    {
        string page = Run("service.cs");
        Assert.Contains("64 requests at once, 64 right answers as in sequence", page);
        Assert.Contains("with a container: the same predictions", page);
    }

    [Fact]
    public void The_loop_page_runs()
    {
        string page = Run("loop.cs");
        Assert.Contains("after 1000 steps: below 0.001", page);
        Assert.Contains("H·v = [12, 480]", page); // 12·x²·v at (1, 2), v = (1, 10)
        Assert.Contains("mish′ = [0.6000, 1.0490]", page); // tanh(ln 2) = 3/5 at 0; by differences at 1
    }

    [Fact]
    public void The_optimizer_page_runs()
    {
        string page = Run("optimizer.cs");
        Assert.Contains("update 1: 0.9000", page); // m = 1
        Assert.Contains("update 2: 0.7600", page); // m = 0.5·1 + 0.9
        Assert.Contains("more than 90 of 100", page);
    }

    [Fact]
    public void The_chain_page_runs()
    {
        string page = Run("chain.cs");
        string slope = (Math.Cos(2.25) * 3).ToString("F12", CultureInfo.InvariantCulture);
        foreach (string line in (string[])["by hand", "reverse", "forward", "at x   ", "again  "])
            Assert.Matches($@"{line}\s+{Regex.Escape(slope)}", page);
        double t = Math.Tanh(0.5), s = 1 - t * t;
        double[] orders = [s, -2 * t * s, s * (6 * t * t - 2), 8 * t * s * (2 - 3 * t * t)];
        for (int order = 1; order <= 4; order++)
            Assert.Contains($"order {order}    {orders[order - 1].ToString("F12", CultureInfo.InvariantCulture)}", page);
        Match jacobian = Regex.Match(page, @"Jacobian\s+(.*)\n\s+product\s+(.*)\n");
        Assert.Equal(jacobian.Groups[1].Value.Trim(), jacobian.Groups[2].Value.Trim());
        Assert.Contains("value 1, slope 1", page);
        Assert.Contains("'log', called at ", page);
        Assert.Contains("from -0.5 to -0.5", page);
    }

    [Fact]
    public void The_check_page_runs()
    {
        string page = Run("check.cs");
        Assert.Contains("passed: True, each error below 1e-6: True", page);
        // tanh x against tanh x + x·(1 − tanh² x) at 0.3
        double t = Math.Tanh(0.3);
        Match failure = Regex.Match(page, @"x·tanh x: gradient, argument 0, element 0: (\S+), expected (\S+) \(numeric, step 0.00390625\)");
        Assert.True(failure.Success, page);
        double weight = double.Parse(failure.Groups[1].Value, CultureInfo.InvariantCulture) / t; // of the output's sum
        Assert.Equal(weight * (t + 0.3 * (1 - t * t)), double.Parse(failure.Groups[2].Value, CultureInfo.InvariantCulture), 1e-9);
        Assert.Contains("3. A layer, in its input and in every parameter\n   passed: True", page.ReplaceLineEndings("\n"));
        Assert.Contains("off by less than estimated: True", page);
    }

    /// <summary>The other pages of docs/calculus are compiled with these tests; that their files run as they stand, one shows.</summary>
    [Fact]
    public void A_page_of_the_calculus_runs_from_its_file()
    {
        string program = Path.Combine(ToolProcess.Root, "docs", "calculus", "derivative.cs");
        ToolResult result = ToolProcess.Finish(_tool.Start(ToolProcess.Host, ["run", "-c", "Release", program, "--", _tool.Folder], Builds.Environment), TimeSpan.FromMinutes(5));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        string page = File.ReadAllText(Path.ChangeExtension(program, ".md"));
        Assert.Contains("by the library", result.Output);
        Assert.All(result.Lines, line => Assert.Contains(line.TrimEnd('\r'), page));
        Assert.Contains("secants.svg", _tool.Files());
    }

    private static string Descent(bool forget)
    {
        double w = 0, b = 0, dw = 0, db = 0;
        double[] x = [1, 2, 3, 4];
        for (int step = 0; step < 20; step++)
        {
            (dw, db) = forget ? (dw, db) : (0, 0);
            dw += x.Average(v => 2 * (w * v + b - (2 * v + 1)) * v);
            db += x.Average(v => 2 * (w * v + b - (2 * v + 1)));
            (w, b) = (w - 0.05 * dw, b - 0.05 * db);
        }
        return x.Average(v => Math.Pow(w * v + b - (2 * v + 1), 2)).ToString("F4", CultureInfo.InvariantCulture);
    }
}
