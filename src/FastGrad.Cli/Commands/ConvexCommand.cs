using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;
using FastGrad.Cli.Output;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad convex</c>: whether a formula is convex, with the proof or a counterexample.</summary>
internal static class ConvexCommand
{
    public static Command Create()
    {
        var formula = new Argument<string>("FORMULA") { Description = "The formula: names, numbers, + - * / ^, and functions such as exp, log, max, norm." };
        var box = new Option<string[]>("--box")
        {
            Description = "Where a variable lies: x=-1:1, or x=0:inf. May be given for several.",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("convex", "Tell whether a formula is convex, with the rules that prove it or a segment that refutes it.") { formula, box, json };
        command.SetAction((parse, _) => Task.FromResult(Run(parse.GetValue(formula)!, parse.GetValue(box) ?? [], parse.GetValue(json))));
        return command;
    }

    private static int Run(string text, string[] sides, bool json)
    {
        ConvexityCertificate certificate;
        try
        {
            Dictionary<string, Interval> box = [];
            foreach (string side in sides.SelectMany(given => given.Split(',')))
            {
                (string name, Interval interval) = Side(side);
                if (!box.TryAdd(name, interval))
                    throw new UsageException($"--box gives '{name}' twice.");
            }
            certificate = ConvexityCertifier.Certify(Expression.Parse(text), box);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new UsageException(error.Message);
        }
        if (json)
            JsonLine.Write(line => Write(line, text, certificate));
        else
            Console.Out.WriteLine(certificate);
        return Tool.Success;
    }

    private static (string Name, Interval Side) Side(string text)
    {
        string[] parts = text.Split('=', ':');
        if (parts.Length == 3 && parts[0].Trim() is { Length: > 0 } name && Bound(parts[1]) is { } low && Bound(parts[2]) is { } high && low <= high)
            return (name, new(low, high));
        throw new UsageException($"--box is '{text}'; expected a name and two bounds, the lesser first, such as x=-1:1 or x=0:inf.");
    }

    private static double? Bound(string text) => text.Trim() switch
    {
        "inf" or "+inf" or "∞" => double.PositiveInfinity,
        "-inf" or "-∞" => double.NegativeInfinity,
        var digits when double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) => value,
        _ => null,
    };

    private static void Write(Utf8JsonWriter line, string text, ConvexityCertificate certificate)
    {
        line.WriteString("formula", text);
        line.WriteString("verdict", certificate.Verdict.Name());
        if (certificate.Counterexample is { } segment)
        {
            line.WriteStartObject("counterexample");
            WritePoint(line, "x", segment.X);
            WritePoint(line, "y", segment.Y);
            line.WriteNumber("lambda", segment.Lambda);
            line.WriteNumber("inner_at_least", segment.Inner);
            line.WriteNumber("chord_at_most", segment.Chord);
            line.WriteEndObject();
        }
        else
        {
            line.WriteTexts("rules", certificate.Proof.Select(step => step.ToString()));
        }
        line.WriteStartObject("variables");
        foreach ((string name, Verdict alone) in certificate.Variables)
            line.WriteString(name, alone.Name());
        line.WriteEndObject();
    }

    private static void WritePoint(Utf8JsonWriter line, string name, IReadOnlyDictionary<string, double> point)
    {
        line.WriteStartObject(name);
        foreach ((string variable, double value) in point)
            line.WriteNumber(variable, value);
        line.WriteEndObject();
    }
}
