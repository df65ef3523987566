using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary><c>fastgrad fit</c> against the certified values of NIST's Statistical Reference Datasets, and its users' mistakes.</summary>
public sealed class FitTests : IDisposable
{
    private static readonly Dictionary<string, (string Formula, double[] Estimates, double[] Errors, double Sum, double Deviation)> s_certified = new()
    {
        ["Misra1a"] = ("b1*(1-exp(-b2*x))", [2.3894212918E+02, 5.5015643181E-04], [2.7070075241E+00, 7.2668688436E-06], 1.2455138894E-01, 1.0187876330E-01),
        ["Thurber"] = (
            "(b1 + b2*x + b3*x**2 + b4*x**3) / (1 + b5*x + b6*x**2 + b7*x**3)",
            [1.2881396800E+03, 1.4910792535E+03, 5.8323836877E+02, 7.5416644291E+01, 9.6629502864E-01, 3.9797285797E-01, 4.9727297349E-02],
            [4.6647963344E+00, 3.9571156086E+01, 2.8698696102E+01, 5.5675370270E+00, 3.1333340687E-02, 1.4984928198E-02, 6.5842344623E-03],
            5.6427082397E+03, 1.3714600784E+01),
        ["MGH09"] = (
            "b1*(x^2+x*b2) / (x^2+x*b3+b4)",
            [1.9280693458E-01, 1.9128232873E-01, 1.2305650693E-01, 1.3606233068E-01],
            [1.1435312227E-02, 1.9633220911E-01, 8.0842031232E-02, 9.0025542308E-02], 3.0750560385E-04, 6.6279236551E-03),
        ["Roszman1"] = (
            "b1 - b2*x - arctan(b3/(x-b4))/pi",
            [2.0196866396E-01, -6.1953516256E-06, 1.2044556708E+03, -1.8134269537E+02],
            [1.9172666023E-02, 3.2058931691E-06, 7.4050983057E+01, 4.9573513849E+01], 4.9484847331E-04, 4.8542984060E-03),
        ["BoxBOD"] = ("b1*(1-exp(-b2*x))", [2.1380940889E+02, 5.4723748542E-01], [1.2354515176E+01, 1.0455993237E-01], 1.1680088766E+03, 1.7088072423E+01),
    };

    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>The published starts; six digits of parameters and errors, nine of the sum of squares.</summary>
    [Theory]
    [InlineData("Misra1a", "b1=500,b2=0.0001")]
    [InlineData("Misra1a", "b1=250,b2=0.0005")]
    [InlineData("Thurber", "b1=1000,b2=1000,b3=400,b4=40,b5=0.7,b6=0.3,b7=0.03")]
    [InlineData("Thurber", "b1=1300,b2=1500,b3=500,b4=75,b5=1,b6=0.4,b7=0.05")]
    [InlineData("MGH09", "b1=25,b2=39,b3=41.5,b4=39")]
    [InlineData("MGH09", "b1=0.25,b2=0.39,b3=0.415,b4=0.39")]
    [InlineData("Roszman1", "b1=0.1,b2=-0.00001,b3=1000,b4=-100")]
    [InlineData("Roszman1", "b1=0.2,b2=-0.000005,b3=1200,b4=-150")]
    [InlineData("BoxBOD", "b1=100,b2=0.75")]
    public void Certified_values_are_found(string name, string start)
    {
        (string formula, double[] estimates, double[] errors, double sum, double deviation) = s_certified[name];
        JsonElement fit = _tool.Run("fit", formula, Data(name), "--start", start, "--json").Json;
        Assert.True(fit.GetProperty("converged").GetBoolean());
        Near(sum, fit.GetProperty("residual_sum_of_squares").GetDouble(), 1e-9, name);
        Near(deviation, fit.GetProperty("residual_sd").GetDouble(), 1e-9, name);
        for (int i = 0; i < estimates.Length; i++)
        {
            JsonElement parameter = fit.GetProperty("parameters").GetProperty($"b{i + 1}");
            Near(estimates[i], parameter.GetProperty("estimate").GetDouble(), 1e-6, $"b{i + 1}");
            Near(errors[i], parameter.GetProperty("standard_error").GetDouble(), 1e-6, $"error of b{i + 1}");
            Near(errors[i], Math.Sqrt(fit.GetProperty("covariance")[i][i].GetDouble()), 1e-6, $"variance of b{i + 1}");
        }
    }

    [Theory]
    [InlineData("gauss-newton")]
    [InlineData("bfgs")]
    [InlineData("trust-ncg")]
    public void Other_methods_find_them_too(string method)
    {
        // In units that suit methods without scaling: b2 in thousandths.
        JsonElement fit = _tool.Run("fit", "100*b1*(1-exp(-b2*x/1000))", Data("Misra1a"), "--start", "b1=2.5,b2=0.5", "--method", method, "--json").Json;
        Near(2.3894212918, fit.GetProperty("parameters").GetProperty("b1").GetProperty("estimate").GetDouble(), 1e-6, "b1");
        Near(7.2668688436E-03, fit.GetProperty("parameters").GetProperty("b2").GetProperty("standard_error").GetDouble(), 1e-6, "error of b2");
        Assert.Equal(method, fit.GetProperty("method").GetString());
    }

    /// <summary>A line through points has a closed form: slope Σxy/Σx² for y = ax, and its error s/√Σx².</summary>
    [Fact]
    public void A_line_has_its_closed_form()
    {
        string data = _tool.Write("line.csv", "x,measured\n1,2\n2,3\n3,7\n");
        JsonElement fit = _tool.Run("fit", "a*x", data, "--start", "a=1", "--json").Json;
        // Σxy = 29, Σx² = 14, Σy² = 62: Σr² = 62 − 29²/14.
        double sum = 62 - 29 * 29 / 14.0, s = Math.Sqrt(sum / 2);
        JsonElement a = fit.GetProperty("parameters").GetProperty("a");
        Near(29 / 14.0, a.GetProperty("estimate").GetDouble(), 1e-12, "a");
        Near(s / Math.Sqrt(14), a.GetProperty("standard_error").GetDouble(), 1e-12, "error");
        Near(1 - sum / 14, fit.GetProperty("r2").GetDouble(), 1e-12, "r²");
        Assert.Equal("measured", fit.GetProperty("response").GetString());
    }

    [Fact]
    public void Bounds_hold_a_parameter()
    {
        string data = _tool.Write("line.csv", "x,y\n1,2\n2,3\n3,7\n");
        JsonElement fit = _tool.Run("fit", "a*x + b", data, "--start", "a=1,b=0.5", "--bounds", "b=0:inf", "--json").Json;
        JsonElement b = fit.GetProperty("parameters").GetProperty("b"); // free, it would be −1
        Assert.Equal(0, b.GetProperty("estimate").GetDouble());
        Assert.True(b.GetProperty("at_bound").GetBoolean());
        Assert.Equal(JsonValueKind.Null, b.GetProperty("standard_error").ValueKind);
        Near(29 / 14.0, fit.GetProperty("parameters").GetProperty("a").GetProperty("estimate").GetDouble(), 1e-9, "a");
        Assert.Equal(2, fit.GetProperty("degrees_of_freedom").GetInt32());
    }

    [Fact]
    public void Parameters_that_cannot_be_told_apart_are_named()
    {
        ToolResult result = _tool.Run("fit", "a*b*x + c", _tool.Write("line.csv", "x,y\n1,2\n2,3\n3,7\n4,7\n"), "--start", "a=1,b=2,c=0", "--json");
        Assert.Contains("cannot tell a and b apart", result.Json.GetProperty("note").GetString());
        Assert.Contains("cannot tell a and b apart", Assert.Single(result.ErrorLines));
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("parameters").GetProperty("a").GetProperty("standard_error").ValueKind);
        Assert.DoesNotContain("NaN", result.Output);
    }

    [Fact]
    public void A_table_is_shown()
    {
        ToolResult result = _tool.Run("fit", "b1*(1-exp(-b2*x))", Data("Misra1a"), "--start", "b1=500,b2=0.0001");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("238.9421292", result.Output);
        Assert.Contains("2.70700752", result.Output);
        Assert.Contains("ended by", result.Output);
    }

    [Fact]
    public void A_fit_without_a_minimum_has_not_converged()
    {
        // Σ (y − exp(−ax))² falls for ever as a grows.
        ToolResult result = _tool.Run("fit", "exp(-a*x)", _tool.Write("zero.csv", "x,y\n1,0\n2,0\n3,0\n"), "--start", "a=1", "--method", "adam", "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.False(JsonDocument.Parse(result.Output).RootElement.GetProperty("converged").GetBoolean());
        Assert.Contains("not converged", Assert.Single(result.ErrorLines));
    }

    /// <summary>From BoxBOD's far start b2 runs to where the model is flat; the fit does not call that a minimum.</summary>
    [Fact]
    public void A_flat_end_is_no_convergence()
    {
        ToolResult result = _tool.Run("fit", "b1*(1-exp(-b2*x))", Data("BoxBOD"), "--start", "b1=1,b2=1", "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not converged", result.ErrorLines[^1]);
        Assert.Equal(0, _tool.Run("fit", "b1*(1-exp(-b2*x))", Data("BoxBOD"), "--start", "b1=1,b2=1", "--bounds", "b2=0:2", "--json").ExitCode);
    }

    [Fact]
    public void Mistakes_are_named_in_a_line()
    {
        string data = _tool.Write("line.csv", "x,y\n1,2\n2,3\n3,7\n");
        Assert.Contains("no start", Wrong("a*x + b", data, "--start", "a=1"));
        Assert.Contains("'b' is no column", Wrong("a*x + b", data, "--start", "a=1"));
        Assert.Contains("Did you mean 'alpha'", Wrong("alpha*x", data, "--start", "alhpa=1"));
        Assert.Contains("no function 'expp'", Wrong("a*expp(x)", data, "--start", "a=1"));
        Assert.Contains("character", Wrong("a*(x", data, "--start", "a=1"));
        Assert.Contains("expected a name and its value", Wrong("a*x", data, "--start", "a"));
        Assert.Contains("gives 'a' twice", Wrong("a*x", data, "--start", "a=1,a=2"));
        Assert.Contains("no parameters", Wrong("2*x", data));
        Assert.Contains("uses 'y'", Wrong("a*y", data, "--start", "a=1"));
        Assert.Contains("no target column 'z'", Wrong("a*x", data, "--start", "a=1", "--y", "z"));
        Assert.Contains("within its bounds", Wrong("a*x", data, "--start", "a=-1", "--bounds", "a=0:inf"));
        Assert.Contains("--bounds is 'a=1'", Wrong("a*x", data, "--start", "a=1", "--bounds", "a=1"));
        Assert.Contains("does not keep to bounds", Wrong("a*x", data, "--start", "a=1", "--bounds", "a=0:inf", "--method", "bfgs"));
        Assert.Contains("Did you mean 'bfgs'", Wrong("a*x", data, "--start", "a=1", "--method", "bgfs"));
        Assert.Contains("not finite at the start for row 1", Wrong("log(a*x)", data, "--start", "a=-1"));
        Assert.Contains("3 rows cannot determine 4 parameters", Wrong("a + b*x + c*x^2 + d*x^3", data, "--start", "a=1"));
        Assert.Contains("absent.csv", Wrong("a*x", "absent.csv", "--start", "a=1"));

        string Wrong(params string[] arguments) => _tool.Run(["fit", .. arguments]).AssertWrongUsage();
    }

    private static string Data(string name) => Path.Combine(ToolProcess.Root, "tests", "FastGrad.Cli.Tests", "StRD", name + ".csv");

    private static void Near(double expected, double actual, double relative, string what) =>
        Assert.True(Math.Abs(actual - expected) <= relative * Math.Abs(expected), $"{what}: {actual:R}, expected {expected:R}");
}
