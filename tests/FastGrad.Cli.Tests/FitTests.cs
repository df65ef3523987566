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
        ["Misra1b"] = ("b1*(1-(1+b2*x/2)^(-2))", [3.3799746163E+02, 3.9039091287E-04], [3.1643950207E+00, 4.2547321834E-06], 7.5464681533E-02, 7.9301471998E-02),
        ["Misra1c"] = ("b1*(1-(1+2*b2*x)^(-0.5))", [6.3642725809E+02, 2.0813627256E-04], [4.6638326572E+00, 1.7728423155E-06], 4.0966836971E-02, 5.8428615257E-02),
        ["Misra1d"] = ("b1*b2*x/(1+b2*x)", [4.3736970754E+02, 3.0227324449E-04], [3.6489174345E+00, 2.9334354479E-06], 5.6419295283E-02, 6.8568272111E-02),
        ["DanWood"] = ("b1*x^b2", [7.6886226176E-01, 3.8604055871E+00], [1.8281973860E-02, 5.1726610913E-02], 4.3173084083E-03, 3.2853114039E-02),
        ["Rat42"] = (
            "b1/(1+exp(b2-b3*x))",
            [7.2462237576E+01, 2.6180768402E+00, 6.7359200066E-02],
            [1.7340283401E+00, 8.8295217536E-02, 3.4465663377E-03], 8.0565229338E+00, 1.1587725499E+00),
        ["MGH10"] = (
            "b1*exp(b2/(x+b3))",
            [5.6096364710E-03, 6.1813463463E+03, 3.4522363462E+02],
            [1.5687892471E-04, 2.3309021107E+01, 7.8486103508E-01], 8.7945855171E+01, 2.6009740065E+00),
        ["BoxBOD"] = ("b1*(1-exp(-b2*x))", [2.1380940889E+02, 5.4723748542E-01], [1.2354515176E+01, 1.0455993237E-01], 1.1680088766E+03, 1.7088072423E+01),
    };

    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>The published starts; six digits of parameters and errors, nine of the sum of squares.</summary>
    /// <remarks>
    /// This checks the tables too: a wrong datum would change the residual sum of squares and the deviation within their first nine digits, and a wrong certified
    /// value would not be reproduced.
    /// </remarks>
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
    [InlineData("BoxBOD", "b1=1,b2=1", "--bounds", "b2=0:2")]
    [InlineData("Misra1b", "b1=500,b2=0.0001")]
    [InlineData("Misra1b", "b1=300,b2=0.0002")]
    [InlineData("Misra1c", "b1=500,b2=0.0001")]
    [InlineData("Misra1d", "b1=450,b2=0.0003")]
    [InlineData("DanWood", "b1=1,b2=5")]
    [InlineData("Rat42", "b1=100,b2=1,b3=0.1")]
    [InlineData("MGH10", "b1=0.02,b2=4000,b3=250")]
    [InlineData("MGH10", "b1=2,b2=400000,b3=25000")]
    public void Certified_values_are_found(string name, string start, params string[] more)
    {
        (string formula, double[] estimates, double[] errors, double sum, double deviation) = s_certified[name];
        JsonElement fit = _tool.Run(["fit", formula, Data(name), "--start", start, .. more, "--json"]).Json;
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
    }

    /// <summary>NIST's own 95 % half-widths are t·error: for Misra1a, 12 degrees of freedom, t = 2.1788128297.</summary>
    [Fact]
    public void Intervals_are_students()
    {
        JsonElement fit = _tool.Run("fit", "b1*(1-exp(-b2*x))", Data("Misra1a"), "--start", "b1=250,b2=0.0005", "--json").Json;
        JsonElement b1 = fit.GetProperty("parameters").GetProperty("b1");
        Near(2.3894212918E+02 - 2.1788128297 * 2.7070075241, b1.GetProperty("low").GetDouble(), 1e-8, "low");
        Near(2.3894212918E+02 + 2.1788128297 * 2.7070075241, b1.GetProperty("high").GetDouble(), 1e-8, "high");
        Assert.Equal(0.95, fit.GetProperty("confidence").GetDouble());
        // Two degrees of freedom, 90 %: t = p√(2/(1 − p²)) = 2.9199855804.
        string data = _tool.Write("line.csv", "x,y\n1,2\n2,3\n3,7\n");
        JsonElement a = _tool.Run("fit", "a*x", data, "--start", "a=1", "--confidence", "0.9", "--json").Json.GetProperty("parameters").GetProperty("a");
        Near(2.9199855804 * a.GetProperty("standard_error").GetDouble(), (a.GetProperty("high").GetDouble() - a.GetProperty("low").GetDouble()) / 2, 1e-9, "half");
        Assert.Contains("90 % interval", _tool.Run("fit", "a*x", data, "--start", "a=1", "--confidence", "0.9").Output);
        Assert.Contains("--confidence is 1", _tool.Run("fit", "a*x", data, "--start", "a=1", "--confidence", "1").AssertWrongUsage());
    }

    /// <summary>A weighted line y = ax: a = Σwxy/Σwx², error √(Σwr²/(m − 1)/Σwx²). A weight of 2 is not two rows: those would be a degree of freedom more.</summary>
    [Fact]
    public void Weights_are_those_of_the_squares()
    {
        string data = _tool.Write("weighted.csv", "x,y,w\n1,2,1\n2,3,4\n3,7,0.5\n9,1000,0\n");
        JsonElement fit = _tool.Run("fit", "a*x", data, "--start", "a=1", "--y", "y", "--weights", "w", "--json").Json;
        double xx = 1 + 16 + 4.5, xy = 2 + 24 + 10.5, yy = 4 + 36 + 24.5, sum = yy - xy * xy / xx;
        JsonElement a = fit.GetProperty("parameters").GetProperty("a");
        Near(xy / xx, a.GetProperty("estimate").GetDouble(), 1e-12, "a");
        Near(Math.Sqrt(sum / 2 / xx), a.GetProperty("standard_error").GetDouble(), 1e-12, "error");
        Near(sum, fit.GetProperty("residual_sum_of_squares").GetDouble(), 1e-12, "sum");
        double mean = (2 + 12 + 3.5) / 5.5;
        Near(1 - sum / (yy - 5.5 * mean * mean), fit.GetProperty("r2").GetDouble(), 1e-12, "r²");
        Assert.Equal((3, 2, "w"), (fit.GetProperty("rows").GetInt32(), fit.GetProperty("degrees_of_freedom").GetInt32(), fit.GetProperty("weights").GetString()));
        Assert.Contains("weighted by w", _tool.Run("fit", "a*x", data, "--start", "a=1", "--weights", "w").Output);
        // A second-order method sees the same weighted sum.
        JsonElement newton = _tool.Run("fit", "a*x", data, "--start", "a=1", "--weights", "w", "--method", "trust-ncg", "--json").Json;
        Near(xy / xx, newton.GetProperty("parameters").GetProperty("a").GetProperty("estimate").GetDouble(), 1e-9, "a");

        Assert.Contains("no weights column 'v'", Wrong("--weights", "v"));
        Assert.Contains("is to be fitted", Wrong("--weights", "y"));
        string negative = _tool.Write("negative.csv", "x,y,w\n1,2,1\n2,3,-4\n");
        Assert.Contains("row 2 of " + negative + ", column 'w', is -4", _tool.Run("fit", "a*x", negative, "--start", "a=1", "--weights", "w").AssertWrongUsage());
        string none = _tool.Write("none.csv", "x,y,w\n1,2,0\n2,3,0\n");
        Assert.Contains("0 rows with a weight", _tool.Run("fit", "a*x", none, "--start", "a=1", "--weights", "w").AssertWrongUsage());

        string Wrong(params string[] more) => _tool.Run(["fit", "a*x", data, "--start", "a=1", .. more]).AssertWrongUsage();
    }

    [Fact]
    public void Columns_that_the_formula_does_not_use_may_hold_anything()
    {
        string data = _tool.Write("mixed.csv", "day,x,note,y\nMonday,1,,2\nTuesday,2,wet,3\nWednesday,3,,7\n");
        JsonElement fit = _tool.Run("fit", "a*x", data, "--start", "a=1", "--json").Json;
        Near(29 / 14.0, fit.GetProperty("parameters").GetProperty("a").GetProperty("estimate").GetDouble(), 1e-12, "a");
        // A formula of parameters alone is the mean.
        Near(4, _tool.Run("fit", "m", data, "--start", "m=1", "--json").Json.GetProperty("parameters").GetProperty("m").GetProperty("estimate").GetDouble(), 1e-12, "mean");
        Assert.Contains("'Monday' is no number", Wrong(data, "a*day"));
        string gaps = _tool.Write("gaps.csv", "x,z,y\n1,5,2\n,6,3\n3,7,\n");
        string missing = Wrong(gaps, "a*x");
        Assert.Contains("row 2", missing);
        Assert.Contains("'x'", missing);
        Assert.Contains("missing", missing);
        string response = Wrong(gaps, "a*z");
        Assert.Contains("row 3", response);
        Assert.Contains("'y'", response);
        Assert.Contains("row 2", Wrong(_tool.Write("nan.csv", "x,y\n1,5\nNaN,6\n"), "a*x"));

        string Wrong(string file, string formula) => _tool.Run("fit", formula, file, "--start", "a=1").AssertWrongUsage();
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

    // Misra's four models are for one table.
    private static string Data(string name) => Path.Combine(ToolProcess.Root, "tests", "FastGrad.Cli.Tests", "StRD", (name.StartsWith("Misra1", StringComparison.Ordinal) ? "Misra1a" : name) + ".csv");

    private static void Near(double expected, double actual, double relative, string what) =>
        Assert.True(Math.Abs(actual - expected) <= relative * Math.Abs(expected), $"{what}: {actual:R}, expected {expected:R}");
}
