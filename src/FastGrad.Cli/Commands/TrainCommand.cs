using System.CommandLine;
using System.Diagnostics;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Modules;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Training;
using FastGrad.Workloads;
using FastGrad.Workloads.Csv;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad train</c>: a model from data, with progress, a summary, and files to predict with or to go on from.</summary>
internal static class TrainCommand
{
    private const int Most = 1_000_000;

    public static Command Create()
    {
        var defaults = new FitOptions();
        var data = new Argument<string>("DATA")
        {
            Description = $"{string.Join(", ", BuiltInData.Names)}, or the path of a CSV with column names, the target in the last column.",
            DefaultValueFactory = _ => "digits",
        };
        data.Validators.Add(result =>
        {
            // What is no option is taken for the data; nobody's table begins with a dash.
            if (result.Tokens is [{ Value: ['-', ..] option }])
                result.AddError($"There is no option '{option}'.");
        });
        var model = new Option<string>("--model") { Description = $"{string.Join(" or ", Architecture.Names)}.", DefaultValueFactory = _ => defaults.Model };
        var optimizer = new Option<string>("--optimizer") { Description = "An optimizer; 'fastgrad plugins' lists them.", DefaultValueFactory = _ => defaults.Optimizer };
        var schedule = new Option<string>("--schedule") { Description = "A schedule of the learning rate, or none.", DefaultValueFactory = _ => defaults.Schedule ?? "none" };
        var set = new Option<string[]>("--set") { Description = "An option of the optimizer, key=value; may be repeated.", DefaultValueFactory = _ => [] };
        Option<string[]> wrap = PluginOptions.Wrap();
        Option<string?> folder = PluginOptions.Folder();
        Option<int?> epochs = new Option<int?>("--epochs") { Description = "How often every row is seen. Default: about 1000 updates, 10 to 200 epochs." }.InRange(1, Most);
        Option<int?> batch = new Option<int?>("--batch") { Description = "Rows of a batch. Default: 16 below 1000 rows, else 64." }.InRange(1, int.MaxValue);
        Option<ulong> seed = new Option<ulong>("--seed") { Description = "Sets the split, the first values and the order of batches.", DefaultValueFactory = _ => defaults.Seed }.AsSeed();
        Option<int> threads = CommonOptions.Threads();
        var precision = new Option<string>("--precision") { Description = "float32 or float64.", DefaultValueFactory = _ => "float32" };
        var eager = new Option<bool>("--eager") { Description = "Train without capture: slower, the same bits." };
        var output = new Option<string?>("--out") { Description = "Folder for model.safetensors and checkpoint.safetensors. Default: fastgrad-out/ and the data's name." };
        var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint in the output folder." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("train", "Train a model, show how it does on held-out rows, and save it.")
        {
            data, model, optimizer, schedule, set, wrap, folder, epochs, batch, seed, threads, precision, eager, output, resume, json,
        };
        command.SetAction((parse, stop) =>
        {
            PluginRegistry plugins = PluginOptions.Read(parse.GetValue(folder));
            return Task.FromResult(Run(
                new TrainRequest
                {
                    Data = parse.GetValue(data)!,
                    Options = UsageException.Wrap(() => new FitOptions
                    {
                        Model = parse.GetValue(model)!,
                        Optimizer = parse.GetValue(optimizer)!,
                        OptimizerOptions = OptionValues.Parse(parse.GetValue(set)!),
                        Schedule = parse.GetValue(schedule) is { } name and not "none" ? name : null,
                        Settings = defaults.Settings with { Wrappers = [.. parse.GetValue(wrap)!.Select(text => PluginOptions.Bind(text, plugins.Wrappers))] },
                        Optimizers = plugins.Optimizers,
                        Schedules = plugins.Schedules,
                        Epochs = parse.GetValue(epochs),
                        BatchSize = parse.GetValue(batch),
                        Seed = parse.GetValue(seed),
                        Capture = !parse.GetValue(eager),
                    }),
                    Threads = parse.GetValue(threads),
                    Out = parse.GetValue(output),
                    Precision = parse.GetValue(precision)!,
                    Resume = parse.GetValue(resume),
                    Json = parse.GetValue(json),
                },
                stop));
        });
        return command;
    }

    private static int Run(TrainRequest request, CancellationToken stop) => request.Precision switch
    {
        "float32" => Run<float>(request, stop),
        "float64" => Run<double>(request, stop),
        _ => throw new UsageException($"there is no precision '{request.Precision}'; expected float32 or float64."),
    };

    private static int Run<T>(TrainRequest request, CancellationToken stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DataSet<T> data = UsageException.Wrap(() => Read<T>(request.Data, stop));
        using var context = new ComputeContext(request.Threads);
        using ComputeContext.Usage _ = context.Use();
        Fitting<T> fitting = UsageException.Wrap(() => new Fitting<T>(data, request.Options));
        TrainingFiles files = new(request.OutputFolder);
        UsageException.Wrap(() => { files.Check(); return files; });
        if (request.Resume)
            UsageException.Wrap(() => files.Resume(fitting));
        if (!request.Json)
            Console.Error.WriteLine($"{request.Name}: {data.Rows} rows, {fitting.HeldOutData!.Rows} of them held out; {fitting.Architecture}; {request.Options.Optimizer}");

        long before = fitting.Trainer.Optimizer.Updates, start = Stopwatch.GetTimestamp();
        FitResult<T> result = TrainProgress.Show((progress, evaluate) => fitting.Run(progress, evaluate, stop), data.Kind, request.Json);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        stop.ThrowIfCancellationRequested();
        string sha256 = files.Save(fitting, result.Model);

        TrainSummary summary = new()
        {
            Request = request,
            Kind = data.Kind,
            Trainer = fitting.Trainer.Options,
            Last = result.Training.Last,
            HeldOut = result.HeldOut!,
            TrainRows = fitting.TrainData.Rows,
            Parameters = result.Model.ParameterCount,
            Updates = fitting.Trainer.Optimizer.Updates - before,
            Time = time,
            Sha256 = sha256,
        };
        if (request.Json)
            summary.WriteJson();
        else
            summary.Show(data.LabelNames);
        return Tool.Success;
    }

    private static DataSet<T> Read<T>(string data, CancellationToken stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (BuiltInData.Contains(data))
            return BuiltInData.Load<T>(data);
        if (File.Exists(data))
            return CsvData.Read<T>(data, cancellation: stop);
        throw new UsageException(data.Contains('.', StringComparison.Ordinal) || data.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? $"there is no file '{data}'."
            : $"there is no data set '{data}', nor a file of that name. {Nearest.Suggest(data, BuiltInData.Names)}");
    }
}
