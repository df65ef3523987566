using System.CommandLine;
using System.Diagnostics;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Training;
using FastGrad.Workloads;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad train</c>: a model from data, with progress, a summary, and files to predict with or to go on from.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var defaults = new FitOptions();
        Argument<string> data = DataArgument.Create();
        FittingOptions fit = new();
        var optimizer = new Option<string>("--optimizer") { Description = "An optimizer; 'fastgrad plugins' lists them.", DefaultValueFactory = _ => defaults.Optimizer };
        var set = new Option<string[]>("--set") { Description = "An option of the optimizer, key=value; may be repeated.", DefaultValueFactory = _ => [] };
        Option<string[]> wrap = PluginOptions.Wrap();
        Option<string?> folder = PluginOptions.Folder();
        Option<int> threads = CommonOptions.Threads();
        var precision = new Option<string>("--precision") { Description = "float32 or float64.", DefaultValueFactory = _ => "float32" };
        var eager = new Option<bool>("--eager") { Description = "Train without capture: slower, the same bits." };
        var output = new Option<string?>("--out") { Description = "Folder for model.safetensors, checkpoint.safetensors and checkpoint.json, which ties them together. Default: fastgrad-out/ and the data's name." };
        Option<int?> saveEvery = new Option<int?>("--save-every") { Description = "Save every so many updates, and when stopped: --resume goes on from there. Default: at the end." }.InRange(1, int.MaxValue);
        var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint in the output folder." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("train", "Train a model, show how it does on held-out rows, and save it.")
        {
            data, fit.Model, optimizer, fit.Schedule, set, wrap, folder, fit.Epochs, fit.Batch, fit.Seed, threads, precision, eager, output, saveEvery, resume, json,
        };
        command.SetAction((parse, stop) =>
        {
            PluginRegistry plugins = PluginOptions.Read(parse.GetValue(folder));
            return Task.FromResult(Run(
                new TrainRequest
                {
                    Data = parse.GetValue(data)!,
                    Options = UsageException.Wrap(() => WithSchedule(parse.GetValue(fit.Schedule)!, plugins.Schedules) with
                    {
                        Model = parse.GetValue(fit.Model)!,
                        Optimizer = parse.GetValue(optimizer)!,
                        OptimizerOptions = OptionValues.Parse(parse.GetValue(set)!),
                        Settings = defaults.Settings with { Wrappers = [.. parse.GetValue(wrap)!.Select(text => PluginOptions.Bind(text, plugins.Wrappers))] },
                        Optimizers = plugins.Optimizers,
                        Epochs = parse.GetValue(fit.Epochs),
                        BatchSize = parse.GetValue(fit.Batch),
                        Seed = parse.GetValue(fit.Seed),
                        Capture = !parse.GetValue(eager),
                    }),
                    Threads = parse.GetValue(threads),
                    Out = parse.GetValue(output),
                    Precision = parse.GetValue(precision)!,
                    SaveEvery = parse.GetValue(saveEvery),
                    Resume = parse.GetValue(resume),
                    Json = parse.GetValue(json),
                },
                stop));
        });
        return command;
    }

    /// <summary>Default options with a schedule of the learning rate, or none.</summary>
    /// <exception cref="UsageException">The text names nothing.</exception>
    internal static FitOptions WithSchedule(string text, ScheduleRegistry schedules)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new UsageException($"--schedule is empty; expected none, or one of {string.Join(", ", schedules.Names.Concat(schedules.MetricDriven.Names))}.");
        if (text == "none")
            return new() { Schedule = null };
        NamedOptions schedule = NamedOptions.Parse(text);
        return new() { Schedule = schedule.Name, ScheduleOptions = schedule.Values, Schedules = schedules };
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
        DataSet<T> data = DataArgument.Read<T>(request.Data, stop);
        using var context = new ComputeContext(request.Threads);
        using ComputeContext.Usage _ = context.Use();
        Fitting<T> fitting = UsageException.Wrap(() => new Fitting<T>(data, request.Options));
        TrainingFiles files = new(request.OutputFolder);
        UsageException.Wrap(() => { files.Check(); return files; });
        if (request.Resume)
            UsageException.Wrap(() => files.Resume(fitting));
        if (request.SaveEvery is { } every)
            fitting.Trainer.Add(new EveryUpdates<T>(every, _ => files.Save(fitting)));
        if (!request.Json)
            Console.Error.WriteLine($"{request.Name}: {data.Rows} rows, {fitting.HeldOutData!.Rows} of them held out; {fitting.Architecture}; {request.Options.Optimizer}");

        long before = fitting.Trainer.Optimizer.Updates, start = Stopwatch.GetTimestamp();
        FitResult<T> result = TrainProgress.Show((progress, evaluate) => fitting.Run(progress, evaluate, stop), data.Kind, request.Json);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        if (stop.IsCancellationRequested && request.SaveEvery is not null)
            files.Save(fitting);
        stop.ThrowIfCancellationRequested();
        string sha256 = files.Save(fitting);

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
}
