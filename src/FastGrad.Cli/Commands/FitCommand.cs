using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FastGrad.Cli.Output;
using FastGrad.Optimization.Minimization;
using FastGrad.Plugins.Minimizers;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad fit</c>: the parameters of a written formula from a table, with standard errors.</summary>
internal static class FitCommand
{
    public static Command Create()
    {
        var formula = new Argument<string>("FORMULA") { Description = "The formula, such as \"b1*(1-exp(-b2*x))\". Names of columns are data, other names are parameters." };
        var data = new Argument<string>("DATA") { Description = "An embedded data set, or a CSV of numbers with named columns." };
        var start = new Option<string[]>("--start") { Description = "Where each parameter starts: b1=500,b2=0.0001." };
        var response = new Option<string?>("--y") { Description = "The column to fit; without it the one named y, or else the last." };
        var weights = new Option<string?>("--weights") { Description = "The column of weights, 0 or above: in inverse proportion to the rows' variances." };
        Option<double> confidence = new Option<double>("--confidence") { Description = "The confidence of the parameters' intervals, between 0 and 1.", DefaultValueFactory = _ => 0.95 }.AsNumber();
        var bounds = new Option<string[]>("--bounds") { Description = "Where parameters stay: b1=0:inf,b2=-1:1." };
        var method = new Option<string>("--method") { Description = "lm (Levenberg-Marquardt), or the name of a minimizer or an optimizer.", DefaultValueFactory = _ => "lm" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("fit", "Fit a formula's parameters to a table by least squares, with standard errors.") { formula, data, start, response, weights, bounds, method, confidence, json };
        command.SetAction((parse, stop) =>
        {
            double level = parse.GetValue(confidence);
            if (!(level > 0 && level < 1))
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--confidence is {level}; expected a number between 0 and 1."));
            FitTable table = new(parse.GetValue(data)!, parse.GetValue(response) ?? "", parse.GetValue(weights));
            FitRequest request = FitRequest.Read(parse.GetValue(formula)!, table, parse.GetValue(start) ?? [], parse.GetValue(bounds) ?? [], parse.GetValue(method)!, stop);
            return Task.FromResult(Run(request, level, parse.GetValue(json), stop));
        });
        return command;
    }

    private static int Run(FitRequest request, double confidence, bool json, CancellationToken stop)
    {
        LeastSquaresFit fit = request.Fit(stop);
        stop.ThrowIfCancellationRequested();
        bool converged = request.HasConverged(fit);
        if (json)
            JsonLine.Write(line => Write(line, request, fit, confidence, converged));
        else
            Show(request, fit, confidence);
        if (Note(request, fit) is { } note)
            Console.Error.WriteLine($"fastgrad: {note}");
        return converged ? Tool.Success : Tool.Report(Tool.Failure, $"the fit has not converged: it ended by {Reason(fit)} after {fit.Search.Evaluations} evaluations. Another start, bounds, or another --method may help.");
    }

    private static void Write(Utf8JsonWriter line, FitRequest request, LeastSquaresFit fit, double confidence, bool converged)
    {
        line.WriteString("formula", request.Formula.ToString());
        line.WriteString("data", request.Data);
        line.WriteString("response", request.Response);
        if (request.Weights is { } weights)
            line.WriteString("weights", weights);
        line.WriteNumber("rows", request.Rows);
        line.WriteString("method", fit.Search.Minimizer);
        line.WriteNumber("confidence", confidence);
        line.WriteStartObject("parameters");
        for (int i = 0; i < request.Parameters.Count; i++)
        {
            line.WriteStartObject(request.Parameters[i]);
            line.WriteFinite("estimate", fit.Estimates[i]);
            line.WriteFinite("standard_error", Error(fit, i));
            (double low, double high) = fit.Interval(i, confidence);
            line.WriteFinite("low", low);
            line.WriteFinite("high", high);
            line.WriteFinite("start", request.Start[i]);
            if (fit.Held.Contains(i))
                line.WriteBoolean("at_bound", true);
            line.WriteEndObject();
        }
        line.WriteEndObject();
        line.WriteFinite("residual_sum_of_squares", fit.Search.Value);
        line.WriteFinite("residual_sd", fit.ResidualDeviation);
        line.WriteNumber("degrees_of_freedom", fit.DegreesOfFreedom);
        line.WriteFinite("r2", request.Determination(fit));
        line.WriteStartArray("covariance");
        int n = request.Parameters.Count;
        for (int i = 0; i < n && fit.Covariance.Length > 0; i++)
        {
            line.WriteStartArray();
            for (int j = 0; j < n; j++)
                line.WriteNumberValue(fit.Covariance[i * n + j]);
            line.WriteEndArray();
        }
        line.WriteEndArray();
        line.WriteNumber("iterations", fit.Search.Iterations);
        line.WriteNumber("evaluations", fit.Search.Evaluations);
        line.WriteString("reason", Reason(fit));
        line.WriteBoolean("converged", converged);
        if (Note(request, fit) is { } note)
            line.WriteString("note", note);
    }

    private static void Show(FitRequest request, LeastSquaresFit fit, double confidence)
    {
        Table table = Screen.Table("parameter", "estimate", "standard error", string.Create(CultureInfo.InvariantCulture, $"{100 * confidence:G4} % interval"), "start");
        for (int i = 0; i < request.Parameters.Count; i++)
        {
            (double low, double high) = fit.Interval(i, confidence);
            table.AddRow(Markup.Escape(request.Parameters[i]), Number(fit.Estimates[i]), fit.Held.Contains(i) ? "at its bound" : Number(Error(fit, i)), double.IsNaN(low) ? "unknown" : $"{Number(low)} to {Number(high)}", Number(request.Start[i]));
        }
        Screen.Out.Write(table);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{request.Response} = {request.Formula}, {request.Rows} rows{(request.Weights is { } weights ? $", weighted by {weights}" : "")}"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"residuals: sum of squares {Number(fit.Search.Value)}, standard deviation {Number(fit.ResidualDeviation)}, {fit.DegreesOfFreedom} degrees of freedom; r² {Number(request.Determination(fit))}"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fit.Search.Minimizer}: {fit.Search.Iterations} iterations, {fit.Search.Evaluations} evaluations, ended by {Reason(fit)}"));
    }

    // A parameter at its bound is not estimated, so it has no error.
    private static double Error(LeastSquaresFit fit, int parameter) => fit.StandardErrors.Length == 0 || fit.Held.Contains(parameter) ? double.NaN : fit.StandardErrors[parameter];

    private static string? Note(FitRequest request, LeastSquaresFit fit)
    {
        string[] names = [.. fit.Confounded.Select(i => request.Parameters[i])];
        return fit.Status switch
        {
            CovarianceStatus.RankDeficient when names.Length == 1 => $"no standard errors: the fit does not depend on '{names[0]}'.",
            CovarianceStatus.RankDeficient => $"no standard errors: the data cannot tell {string.Join(", ", names[..^1])} and {names[^1]} apart.",
            CovarianceStatus.NoDegreesOfFreedom => $"no standard errors: {request.Rows} rows for {request.Parameters.Count} parameters; expected more rows.",
            CovarianceStatus.NotFinite => "no standard errors: the formula or its derivatives are not finite at the solution.",
            _ => null,
        };
    }

    private static string Reason(LeastSquaresFit fit) => JsonNamingPolicy.SnakeCaseLower.ConvertName(fit.Search.Reason.ToString());

    private static string Number(double value) => double.IsNaN(value) ? "unknown" : value.ToString("G10", CultureInfo.InvariantCulture);
}
