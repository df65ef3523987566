using System.CommandLine;
using System.CommandLine.Parsing;
using FastGrad.Autograd;
using FastGrad.Optimization.Plugins;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad landscape</c>: a loss from above, with the ways over it: of a formula, of a saved model, of a training.</summary>
internal static class LandscapeCommand
{
    public static Command Create()
    {
        FittingOptions fit = new();
        var what = new Argument<string>("WHAT") { Description = "A formula of two variables; or a saved model, followed by DATA; or a data set or CSV to train on." };
        var data = new Argument<string?>("DATA") { Description = "For a saved model: an embedded data set, or a CSV with the model's features and targets.", Arity = ArgumentArity.ZeroOrOne };
        var box = List("--box", "For a formula: where its variables lie, the horizontal one first: x=-2:2,y=-1:3.");
        var start = List("--start", "For a formula: where searches start: x=-1,y=1.");
        var optimizers = new Option<string?>("--optimizers") { Description = "For a formula: optimizers by name, each with settings of its own: sgd:lr=0.001,momentum=0.9,adam:lr=0.1." };
        var minimizers = new Option<string?>("--minimizers") { Description = "For a formula: minimizers by name: l-bfgs,newton-cg." };
        Option<int> steps = new Option<int>("--steps") { Description = "For a formula: the most updates or iterations of a search.", DefaultValueFactory = _ => 200 }.InRange(1, 1_000_000);
        var path = List("--path", "For a saved model: models that were passed on the way to it, in order.");
        Option<int?> every = new Option<int?>("--every") { Description = "For a training: updates between two places on its way. Default: about 100 places." }.InRange(1, int.MaxValue);
        var directions = new Option<string?>("--directions") { Description = "random (each filter as long as the network's), eigen (of the Hessian, the greatest first), pca (of the way), or one or two saved models. Default: pca where there is a way, else random." };
        Option<int?> dimensions = new Option<int?>("--dimensions") { Description = "1: along a line; 2: on a plane. Default: 2; to one other model 1." }.InRange(1, 2);
        var range = new Option<double?>("--range") { Description = "How far a slice reaches to both sides, in lengths of its directions. Default: 1; what the way takes for pca; a half beyond other models." };
        var biases = new Option<bool>("--biases") { Description = "Let biases and normalizations move along random directions too." };
        Option<int> resolution = new Option<int>("--resolution") { Description = "Places along an axis, from 2 to 1001.", DefaultValueFactory = _ => 51 }.InRange(2, 1001);
        Option<int> levels = new Option<int>("--levels") { Description = "Contours, from 1 to 60.", DefaultValueFactory = _ => 12 }.InRange(1, 60);
        var csv = new Option<string?>("--csv") { Description = "Write the slice into a file, as a table x,y,loss." };
        var svg = new Option<string?>("--svg") { Description = "Write a picture into a file." };
        Option<string?> folder = PluginOptions.Folder();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Option[] ofFormula = [box, start, optimizers, minimizers, steps], ofModel = [path], ofTraining = [every, fit.Model, fit.Optimizer, fit.Schedule, fit.Epochs, fit.Batch], ofNetwork = [directions, dimensions, range, biases, fit.Seed];
        var command = new Command("landscape", "Draw a loss from above, with contours and the ways of optimizers: of a formula, a saved model, or a training.") { what, data };
        foreach (Option option in (Option[])[.. ofFormula, .. ofModel, .. ofTraining, .. ofNetwork, resolution, levels, csv, svg, folder, threads, json])
            command.Options.Add(option);
        command.SetAction((parse, stop) =>
        {
            string subject = parse.GetValue(what)!;
            PluginRegistry plugins = PluginOptions.Read(parse.GetValue(folder));
            using ComputeContext context = new(parse.GetValue(threads));
            using ComputeContext.Usage _ = context.Use();
            double? reach = parse.GetValue(range);
            if (reach is { } r && !(double.IsFinite(r) && r > 0))
                throw new UsageException($"--range is {r.ToString(System.Globalization.CultureInfo.InvariantCulture)}; expected a positive number.");
            LandscapeSettings settings = new()
            {
                Resolution = parse.GetValue(resolution),
                Range = reach,
                Levels = parse.GetValue(levels),
                Dimensions = parse.GetValue(dimensions),
                Directions = parse.GetValue(directions),
                Biases = parse.GetValue(biases),
                Seed = parse.GetValue(fit.Seed),
            };
            foreach (Option<string?> file in (Option<string?>[])[csv, svg])
                CheckFile(file.Name, parse.GetValue(file));
            LandscapeDrawing drawing;
            if (parse.GetValue(data) is { } rows)
            {
                Refuse(parse, "a saved model", [.. ofFormula, .. ofTraining]);
                drawing = SavedLandscape.Draw(subject, rows, Items(parse.GetValue(path)), settings, stop);
            }
            else if (BuiltInData.Contains(subject) || File.Exists(subject))
            {
                Refuse(parse, "a training", [.. ofFormula, .. ofModel]);
                FitOptions options = UsageException.Wrap(() =>
                {
                    NamedOptions optimizer = NamedOptions.Parse(parse.GetValue(fit.Optimizer)!);
                    return TrainCommand.WithSchedule(parse.GetValue(fit.Schedule)!, plugins.Schedules) with
                    {
                        Model = parse.GetValue(fit.Model)!,
                        Optimizer = optimizer.Name,
                        OptimizerOptions = optimizer.Values,
                        Optimizers = plugins.Optimizers,
                        Epochs = parse.GetValue(fit.Epochs),
                        BatchSize = parse.GetValue(fit.Batch),
                        Seed = parse.GetValue(fit.Seed),
                    };
                });
                drawing = TrainingLandscape.Draw(subject, options, parse.GetValue(every), settings, parse.GetValue(json), stop);
            }
            else
            {
                Refuse(parse, "a formula", [.. ofModel, .. ofTraining, .. ofNetwork]);
                IReadOnlyList<NamedOptions> named = parse.GetValue(optimizers) is { } text ? UsageException.Wrap(() => NamedOptions.ParseMany(text)) : [];
                drawing = FormulaLandscape.Read(subject, parse.GetValue(box) ?? [])
                    .Draw(settings, named, Items([parse.GetValue(minimizers) ?? ""]), parse.GetValue(start) ?? [], parse.GetValue(steps), plugins, stop);
            }
            drawing.Publish(parse.GetValue(csv), parse.GetValue(svg), parse.GetValue(json));
            return Task.FromResult(Tool.Success);
        });
        return command;
    }

    private static Option<string[]> List(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };

    private static string[] Items(string[]? given) => [.. (given ?? []).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    // What has no effect would be taken for one.
    private static void Refuse(ParseResult parse, string subject, Option[] others)
    {
        if (others.FirstOrDefault(option => parse.GetResult(option) is OptionResult { Implicit: false }) is { } option)
            throw new UsageException($"{option.Name} is given, but {parse.CommandResult.GetValue<string>("WHAT")} is {subject}. See 'fastgrad landscape --help'.");
    }

    // Before a training is spent on it.
    private static void CheckFile(string option, string? path)
    {
        if (path is null)
            return;
        if (string.IsNullOrWhiteSpace(path) || Directory.Exists(path))
            throw new UsageException($"{option} is '{path}'; expected the path of a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"{option} is '{path}', but there is no folder '{folder}'.");
    }
}
