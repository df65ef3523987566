using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FastGrad.Analysis.Catalogue;
using FastGrad.Analysis.Checks;
using FastGrad.Cli.Output;
using FastGrad.Cli.Pages;
using FastGrad.Optimization.Options;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad check</c>: the derivatives, values and claims of every operator, loss and layer against independent truth.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "One operator, loss or layer; all without it.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = CommonOptions.Json();
        var page = new Option<string?>("--page") { Description = "Check nothing; write the tables and pictures of derivatives.md in this folder anew.", HelpName = "FOLDER" };
        var command = new Command("check", "Check derivatives of operators, losses and layers against numeric ones, and print the worst errors.") { name, json, page };
        command.SetAction((parse, stop) => Task.FromResult(parse.GetValue(page) is { } folder ? Write(folder) : Run(parse.GetValue(name), parse.GetValue(json), stop)));
        return command;
    }

    private static int Write(string folder)
    {
        int files = DerivativesPage.Write(folder);
        Console.Error.WriteLine($"wrote {files} files in {folder}.");
        return Tool.Success;
    }

    private static int Run(string? name, bool json, CancellationToken stop)
    {
        Table table = Screen.Table("operator", "gradient", "fused", "jvp", "inner product", "second order", "float", "ulp", "ulp float", "");
        List<OperatorReport> failed = [];
        foreach (OperatorRow row in Rows(name))
        {
            stop.ThrowIfCancellationRequested();
            OperatorReport report = OperatorCheck.Run(row);
            if (!report.Passed)
                failed.Add(report);
            if (json)
                Console.Out.WriteLine(Line(report));
            else
                AddRow(table, report);
        }
        if (!json)
            Screen.Out.Write(table);
        foreach (string failure in failed.SelectMany(report => report.Failures))
            Console.Error.WriteLine(failure);
        return failed.Count == 0 ? Tool.Success : Tool.Failure;
    }

    private static IReadOnlyList<OperatorRow> Rows(string? name)
    {
        if (name is null)
            return OperatorCatalogue.All;
        return OperatorCatalogue.Find(name) is { } row
            ? [row]
            : throw new UsageException($"there is no operator, loss or layer '{name}'. {Nearest.Suggest(name, OperatorCatalogue.All.Select(known => known.Name))}");
    }

    private static string Line(OperatorReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonLine.Options))
            report.WriteTo(json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void AddRow(Table table, OperatorReport report) => table.AddRow(
        Markup.Escape(report.Operator), Error(report.Derivatives.GradientError), Error(report.Derivatives.FusedError), Error(report.Derivatives.JvpError),
        Error(report.Derivatives.InnerProductError), Error(report.Derivatives.SecondOrderError), Error(report.SingleGradientError),
        Ulp(report.ValueUlp), Ulp(report.ValueUlpSingle), report.Passed ? "passed" : "FAILED");

    private static string Error(double error) => error.ToString("0.0E+0", CultureInfo.InvariantCulture);

    private static string Ulp(double? ulp) => ulp is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "";
}
