using System.CommandLine;
using FastGrad.Modules;
using FastGrad.Training;

namespace FastGrad.Cli.Commands;

/// <summary>The options that commands which train have in common.</summary>
internal sealed class FittingOptions
{
    private const int MostEpochs = 1_000_000;

    private static readonly FitOptions s_defaults = new();

    public Option<string> Model { get; } =
        new("--model") { Description = $"{string.Join(", ", Architecture.Names)}.", DefaultValueFactory = _ => s_defaults.Model };

    public Option<string> Optimizer { get; } =
        new("--optimizer") { Description = "An optimizer, NAME or NAME:key=value,…; 'fastgrad plugins' lists them.", DefaultValueFactory = _ => s_defaults.Optimizer };

    public Option<string> Schedule { get; } =
        new("--schedule") { Description = "A schedule of the learning rate, NAME or NAME:key=value,…, or none.", DefaultValueFactory = _ => s_defaults.Schedule ?? "none" };

    public Option<int?> Epochs { get; } =
        new Option<int?>("--epochs") { Description = "How often every row is seen. Default: about 1000 updates, 10 to 200 epochs." }.InRange(1, MostEpochs);

    public Option<int?> Batch { get; } =
        new Option<int?>("--batch") { Description = "Rows of a batch. Default: 16 below 1000 rows, else 64." }.InRange(1, int.MaxValue);

    public Option<ulong> Seed { get; } =
        new Option<ulong>("--seed") { Description = "Sets the split, the first values and the order of batches.", DefaultValueFactory = _ => s_defaults.Seed }.AsSeed();
}
