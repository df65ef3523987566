using System.Buffers;
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
using FastGrad.Optimization.Schedules;
using FastGrad.Serialization;

namespace FastGrad.Training;

/// <summary>What decides the further course of a training, in words. No thread count, instruction set or time.</summary>
internal static class CheckpointSettings
{
    private const string Key = "fastgrad.training";

    public static void Write<T>(Trainer<T> trainer, SafeTensorsWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => writer.SetMetadata(Key, Json(Of(trainer)));

    /// <summary>Refuses the file of another training, by the setting that differs.</summary>
    /// <exception cref="InvalidDataException">A setting differs, or the file has none.</exception>
    public static void Compare<T>(Trainer<T> trainer, SafeTensorsFile file)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Compare(file, Of(trainer));

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
                throw new InvalidDataException($"{file.Origin}: the checkpoint was made with {key} = {there ?? "(none)"}; this training has {here ?? "(none)"}. Expected the same settings and data{Hint(key, there)}.");
        }
    }

    private static string Hint(string key, string? there) =>
        key == "schedule" ? $"; fastgrad train takes it up with --schedule {(there is null ? "none" : $"{there} and that schedule's options")}" : "";

    private static SortedDictionary<string, string> Of<T>(Trainer<T> trainer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TrainerOptions options = trainer.Options;
        SortedDictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["format_version"] = "2",
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
            AddOptions("schedule.", options.ScheduleTable!, options.ScheduleValues(trainer.TotalUpdates));
            if (options.MetricDefinition is not null)
                settings["schedule_metric"] = options.ScheduleMetric.ToString();
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
