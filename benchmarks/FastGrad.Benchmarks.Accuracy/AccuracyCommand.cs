using System.CommandLine;
using FastGrad.Kernels.Tests.Functions;

namespace FastGrad.Benchmarks.Accuracy;

/// <summary>The command line: which functions, which errors, where to write them.</summary>
internal static class AccuracyCommand
{
    public static RootCommand Create()
    {
        var functions = new Option<string[]>("--function") { Description = "Names of the catalogue; all without it.", AllowMultipleArgumentsPerToken = true };
        var doubles = new Option<bool>("--double") { Description = "Sample doubles against 256 bits instead of sweeping all floats." };
        var derivative = new Option<bool>("--derivative") { Description = "The derivatives, in ulp of max(|f′|, the stated constant)." };
        var peers = new Option<bool>("--peers") { Description = "TensorPrimitives and the platform: instead of the library in float, beside it in double." };
        var stride = new Option<int>("--stride") { Description = "Each n-th float only.", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads of a sweep.", DefaultValueFactory = _ => 1 };
        var points = new Option<int>("--points") { Description = "Doubles in each range of the catalogue.", DefaultValueFactory = _ => 4000 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var save = new Option<string?>("--save") { Description = "A results folder: lines are added there, or take the place of older ones." };
        var page = new Option<string?>("--page") { Description = "Only write the tables of this Markdown page, from the folder of --save." };
        var command = new RootCommand("Measures errors of functions and activations in units in the last place.")
        {
            functions, doubles, derivative, peers, stride, threads, points, json, save, page,
        };
        command.SetAction((parse, stop) =>
        {
            if (parse.GetValue(page) is { } file)
            {
                NumericsPage.Write(file, new ResultFile(parse.GetValue(save) ?? throw new ArgumentException("--page needs --save FOLDER.")));
                return Task.FromResult(0);
            }
            string[] names = parse.GetValue(functions) ?? [];
            Row[] rows = names.Length == 0 ? [.. Catalogue.Rows] : [.. names.Select(Catalogue.Get)];
            foreach (Row row in rows)
            {
                IEnumerable<Measurement> measurements = parse.GetValue(doubles)
                    ? Measuring.Doubles(row, parse.GetValue(derivative), parse.GetValue(peers), parse.GetValue(points), stop)
                    : Measuring.Singles(row, parse.GetValue(derivative), parse.GetValue(peers), parse.GetValue(stride), parse.GetValue(threads), stop);
                foreach (Measurement measurement in measurements)
                {
                    Console.WriteLine(parse.GetValue(json) ? measurement.ToJson() : measurement.ToString());
                    if (parse.GetValue(save) is { } folder)
                        new ResultFile(folder).Put(measurement);
                }
            }
            return Task.FromResult(0);
        });
        return command;
    }
}
