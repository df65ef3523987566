using System.Globalization;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Kernels.Simd;
using FastGrad.Training;
using FastGrad.Workloads;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary>What <c>fastgrad train</c> says at the end.</summary>
internal sealed record TrainSummary
{
    public required TrainRequest Request { get; init; }

    public required TargetKind Kind { get; init; }

    public required TrainerOptions Trainer { get; init; }

    public required TrainingProgress Last { get; init; }

    public required Evaluation HeldOut { get; init; }

    public required int TrainRows { get; init; }

    public required long Parameters { get; init; }

    /// <summary>The updates of this run: fewer than all where it was resumed.</summary>
    public required long Updates { get; init; }

    public required TimeSpan Time { get; init; }

    public required string Sha256 { get; init; }

    private const int MostClassesShown = 20;

    private double Score => HeldOut.Accuracy ?? HeldOut.R2 ?? double.NaN;

    private double StepsPerSecond => Updates / Math.Max(Time.TotalSeconds, 1e-9);

    public void WriteJson() => JsonLine.Write(json =>
    {
        json.WriteString("dataset", Request.Name);
        json.WriteString("model", Request.Options.Model);
        json.WriteString("optimizer", Request.Options.Optimizer);
        json.WriteTexts("wrappers", Request.Options.Settings.Wrappers.Select(wrapper => wrapper.Description));
        json.WriteString("schedule", Request.Options.Schedule);
        json.WriteNumber("epochs", Trainer.Epochs);
        json.WriteNumber("batch", Trainer.BatchSize);
        json.WriteNumber("parameters", Parameters);
        json.WriteFinite("train_loss", Last.Loss);
        json.WriteFinite("test_loss", HeldOut.Loss);
        json.WriteFinite(Kind == TargetKind.Classification ? "test_accuracy" : "test_r2", Score);
        json.WriteNumber("test_rows", HeldOut.Rows);
        json.WriteFinite("seconds", Time.TotalSeconds);
        json.WriteFinite("steps_per_second", StepsPerSecond);
        json.WriteNumber("train_rows", TrainRows);
        json.WriteNumber("samples", Trainer.Epochs * (long)TrainRows);
        json.WriteString("isa", Isa.Name);
        json.WriteNumber("threads", Request.Threads);
        json.WriteString("precision", Request.Precision);
        json.WriteNumber("seed", Request.Options.Seed);
        json.WriteString("checkpoint_sha256", Sha256);
        json.WriteString("out", Request.OutputFolder);
    });

    public void Show(IReadOnlyList<string> labels)
    {
        string score = Kind == TargetKind.Classification
            ? Text($"accuracy {Score:P2} on {HeldOut.Rows} held-out rows")
            : Text($"R² {Score:F4} on {HeldOut.Rows} held-out rows");
        Screen.Out.WriteLine(Text($"{Request.Name}, {Request.Options.Model} with {Parameters} parameters: {score}, loss {HeldOut.Loss:G4}"));
        if (HeldOut.Confusion is { } confusion && labels.Count <= MostClassesShown)
            Screen.Out.Write(Confusion(confusion, labels));
        Screen.Out.WriteLine(Text($"{Trainer.Epochs} epochs, {Updates} updates in {Time.TotalSeconds:F2} s ({StepsPerSecond:F0} a second) on {Isa.Name}, {Request.Threads} threads; training loss {Last.Loss:G4}"));
        Screen.Out.WriteLine($"checkpoint {Sha256}");
        Screen.Out.WriteLine($"model in {Path.Combine(Request.OutputFolder, TrainingFiles.ModelName)}: fastgrad predict takes it");
    }

    private static Table Confusion(int[,] confusion, IReadOnlyList<string> labels)
    {
        Table table = Screen.Table(["is ↓  taken for →", .. labels.Select(Markup.Escape)]);
        for (int row = 0; row < labels.Count; row++)
            table.AddRow([Markup.Escape(labels[row]), .. Enumerable.Range(0, labels.Count).Select(column => confusion[row, column] == 0 ? "" : Text($"{confusion[row, column]}"))]);
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
