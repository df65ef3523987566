using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FastGrad.Data;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.State;
using FastGrad.Plugins;
using FastGrad.Serialization;

namespace FastGrad.Training;

/// <summary>The file of a training under way.</summary>
/// <remarks>
/// Parameters under their names, optimizer state as <c>optimizer.{parameter}.{slot}</c>, counters as <c>trainer.…</c>, and in the metadata
/// every setting that the further course depends on, as far as it can be put in words: of a schedule that is bound in the optimizer's
/// settings its option and its description, of a module of another assembly its type. The number of epochs is none of them, unless a schedule's
/// length follows from it.
/// </remarks>
internal static class Checkpoint
{
    private const string Key = "fastgrad.training", StatePrefix = "optimizer.";

    public static void Write<T>(Trainer<T> trainer, SafeTensorsWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (trainer.Optimizer.WeightsInUse != WeightsInUse.Training)
            throw new InvalidOperationException("The model holds evaluation weights; expected their scope to be disposed before a checkpoint.");
        trainer.Model.Save(writer);
        foreach (StateEntry entry in trainer.Optimizer.State)
        {
            string name = StatePrefix + entry.Name;
            switch (entry.Type)
            {
                case StateElementType.Float32:
                    writer.Add(name, entry.Shape.AsSpan(), MemoryMarshal.Cast<byte, float>((ReadOnlySpan<byte>)entry.Bytes));
                    break;
                case StateElementType.Float64:
                    writer.Add(name, entry.Shape.AsSpan(), MemoryMarshal.Cast<byte, double>((ReadOnlySpan<byte>)entry.Bytes));
                    break;
                default:
                    writer.Add(name, entry.Shape.AsSpan(), MemoryMarshal.Cast<byte, long>((ReadOnlySpan<byte>)entry.Bytes));
                    break;
            }
        }
        EpochTotals totals = trainer.Totals;
        writer.Add<long>("trainer.position", [2], [trainer.Position.Epoch, trainer.Position.Batch]);
        writer.Add<long>("trainer.epoch_rows", [2], [totals.Rows, totals.Correct]);
        writer.Add<double>("trainer.epoch_loss", [2], [totals.Loss, trainer.Last.BatchLoss]);
        writer.SetMetadata(Key, Json(Settings(trainer)));
    }

    public static void Read<T>(Trainer<T> trainer, SafeTensorsFile file)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(file);
        Compare(file, Settings(trainer));
        long[] position = file.Read<long>("trainer.position", [2]), rows = file.Read<long>("trainer.epoch_rows", [2]);
        double[] loss = file.Read<double>("trainer.epoch_loss", [2]);
        if (position[0] < 0 || position[1] < 0 || position[1] >= trainer.BatchesPerEpoch || rows[0] < 0)
            throw new InvalidDataException($"{file.Origin}: 'trainer.position' is epoch {position[0]}, batch {position[1]}; expected a batch from 0 to {trainer.BatchesPerEpoch - 1}.");
        Action load = trainer.Model.Prepare(file, mayDiverge: true);
        try
        {
            trainer.Optimizer.LoadState(file.Entries.Where(e => e.Name.StartsWith(StatePrefix, StringComparison.Ordinal)).Select(e => State(file, e)));
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{file.Origin}: {error.Message}", error);
        }
        load();
        trainer.MoveTo(new(position[0], (int)position[1]));
        trainer.Totals = new() { Loss = loss[0], Rows = rows[0], Correct = rows[1] };
        bool ended = position[1] == 0;
        trainer.Last = new(
            ended ? position[0] : position[0] + 1, trainer.Options.Epochs, ended ? trainer.BatchesPerEpoch : (int)position[1], trainer.BatchesPerEpoch,
            trainer.Optimizer.Updates, loss[1], trainer.Totals.MeanLoss, trainer.Totals.Accuracy, double.NaN, null);
    }

    private static StateTensor State(SafeTensorsFile file, SafeTensorsEntry entry) => new(
        entry.Name[StatePrefix.Length..],
        entry.Type switch
        {
            SafeTensorsType.F32 => StateElementType.Float32,
            SafeTensorsType.F64 => StateElementType.Float64,
            SafeTensorsType.I64 => StateElementType.Int64,
            _ => throw new InvalidDataException($"{file.Origin}: tensor '{entry.Name}' is {entry}; expected F32, F64 or I64."),
        },
        [.. entry.Shape.Select(length => checked((int)length))],
        entry.Data);

    private static void Compare(SafeTensorsFile file, SortedDictionary<string, string> expected)
    {
        Dictionary<string, string> found;
        try
        {
            using var document = JsonDocument.Parse(file.MetadataOf(Key));
            found = document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"{file.Origin}: the metadata '{Key}' does not describe a training: {error.Message}", error);
        }
        // Another seed or precision makes other data too: the cause is named before its consequence.
        foreach (string key in expected.Keys.Union(found.Keys).OrderBy(key => key == "data").ThenBy(key => key, StringComparer.Ordinal))
        {
            string? here = expected.GetValueOrDefault(key), there = found.GetValueOrDefault(key);
            if (here != there)
                throw new InvalidDataException($"{file.Origin}: the checkpoint was made with {key} = {there ?? "(none)"}; this training has {here ?? "(none)"}. Expected the same settings and data.");
        }
    }

    // All that decides the further course, in words. No thread count, instruction set or time.
    private static SortedDictionary<string, string> Settings<T>(Trainer<T> trainer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TrainerOptions options = trainer.Options;
        SortedDictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["format_version"] = "1",
            ["model"] = trainer.Model.Structure(),
            ["precision"] = Inference.ModelDescription.PrecisionOf<T>(),
            ["data"] = Fingerprint(trainer.Data),
            ["loss"] = $"{trainer.Loss.Name} {trainer.Loss.Reduction}",
            ["seed"] = Text(options.Seed),
            ["batch"] = Text(Math.Min(options.BatchSize, trainer.Data.Rows)),
            ["accumulation"] = Text(options.Accumulation),
            ["shuffle"] = options.Shuffle ? "true" : "false",
            ["last_batch"] = options.LastBatch.ToString(),
            ["sharpness_radius"] = Text(options.SharpnessRadius),
            ["optimizer"] = trainer.Optimizer.Name,
            ["wrappers"] = string.Join("; ", options.Settings.Wrappers.Select(w => w.Description)),
            ["clip_norm"] = options.Settings.ClipNorm is { } norm ? Text(norm) : "none",
            ["clip_value"] = options.Settings.ClipValue is { } value ? Text(value) : "none",
            ["non_finite"] = options.Settings.NonFinite.ToString(),
            ["no_decay"] = string.Join(", ", options.Settings.NoDecay.Order()),
            ["groups"] = string.Join("; ", options.Settings.Groups.Select(Words)),
            ["scheduled"] = string.Join(", ", options.Settings.Schedules.Select(s => $"{s.Option}: {s.Description}")),
        };
        if (trainer.Optimizer.Core == options.Definition.Name)
            AddOptions("optimizer.", options.Definition.Options, options.OptimizerOptions);
        if (options.Schedule is { } schedule)
        {
            settings["schedule"] = schedule;
            AddOptions("schedule.", (options.Schedules ?? ScheduleRegistry.Standard)[schedule].Options, options.ScheduleValues(trainer.TotalUpdates));
        }
        return settings;

        void AddOptions(string prefix, OptionTable table, OptionValues given)
        {
            foreach (OptionEntry entry in table)
            {
                string text = given.LastOrDefault(v => string.Equals(v.Key, entry.Name, StringComparison.OrdinalIgnoreCase)).Value ?? entry.Default;
                settings[prefix + entry.Name] = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? Text(number) : text.ToLowerInvariant();
            }
        }
    }

    private static string Words(ParameterGroup group) => string.Join(
        ' ',
        [
            group.Name, .. group.Patterns, .. group.Roles.Select(role => $"({role})"),
            .. group.Options.Select(option => $"{option.Key}={option.Value}"), .. group.Schedules.Select(s => $"~{s.Option}: {s.Description}"),
        ]);

    private static string Text<TNumber>(TNumber number)
        where TNumber : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Fingerprint<T>(DataSet<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(data.Features));
        hash.AppendData(MemoryMarshal.AsBytes(data.Labels));
        hash.AppendData(MemoryMarshal.AsBytes(data.Targets));
        return $"{data.Rows}x{data.Columns} sha256 {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private static string Json(SortedDictionary<string, string> settings)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach ((string key, string text) in settings)
                json.WriteString(key, text);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
