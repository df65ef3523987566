using System.Buffers;
using System.Text;
using System.Text.Json;
using FastGrad.Data;
using FastGrad.Modules;
using FastGrad.Serialization;

namespace FastGrad.Inference;

/// <summary>What a model is for: what it reads, what it answers, how it is built. Saved with it as one JSON text.</summary>
public sealed record ModelDescription
{
    /// <summary>The version of the file's layout that this library writes and reads.</summary>
    public const int FormatVersion = 1;

    private const string Key = "fastgrad.model";

    /// <summary>Classification or regression.</summary>
    public required TargetKind Task { get; init; }

    /// <summary>The features that the model reads, in order.</summary>
    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>The classes, in the order of the outputs; empty for regression.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>What is predicted: the label column's name, or one name a target.</summary>
    public required IReadOnlyList<string> TargetNames { get; init; }

    /// <summary>How the module is built; null where it is none of the standard ones, and must be given when the model is loaded.</summary>
    public Architecture? Architecture { get; init; }

    /// <summary>The element type of the parameters: <c>float32</c> or <c>float64</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>The number of outputs: classes, or targets.</summary>
    public int Outputs => Task == TargetKind.Classification ? LabelNames.Count : TargetNames.Count;

    /// <summary>Reads the description in a model's file, for example to learn its precision before it is loaded.</summary>
    /// <exception cref="InvalidDataException">The file is no model of this library.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelDescription Load(string path) => Read(SafeTensors.Load(path));

    /// <summary>Reads the description in an opened model.</summary>
    /// <exception cref="InvalidDataException">The file is no model of this library.</exception>
    public static ModelDescription Load(SafeTensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Read(file);
    }

    internal static string PrecisionOf<T>() => typeof(T) == typeof(float) ? "float32" : "float64";

    internal void Write(SafeTensorsWriter writer)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format_version", FormatVersion);
            json.WriteString("task", Task == TargetKind.Classification ? "classification" : "regression");
            json.WriteString("precision", Precision);
            Architecture?.Write(json);
            WriteNames(json, "features", FeatureNames);
            WriteNames(json, "labels", LabelNames);
            WriteNames(json, "targets", TargetNames);
            json.WriteEndObject();
        }
        writer.SetMetadata(Key, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    internal static ModelDescription Read(SafeTensorsFile file)
    {
        try
        {
            using var document = JsonDocument.Parse(file.MetadataOf(Key));
            JsonElement json = document.RootElement;
            int version = json.GetProperty("format_version").GetInt32();
            if (version != FormatVersion)
                throw new InvalidDataException($"{file.Origin}: the model's format is version {version}; this library reads version {FormatVersion}.");
            string task = json.GetProperty("task").GetString()!;
            ModelDescription description = new()
            {
                Task = task switch
                {
                    "classification" => TargetKind.Classification,
                    "regression" => TargetKind.Regression,
                    _ => throw new InvalidDataException($"{file.Origin}: the model's task is '{task}'; expected classification or regression."),
                },
                Precision = json.GetProperty("precision").GetString()!,
                Architecture = json.TryGetProperty("architecture", out JsonElement architecture) ? Architecture.Read(architecture) : null,
                FeatureNames = ReadNames(json, "features"),
                LabelNames = ReadNames(json, "labels"),
                TargetNames = ReadNames(json, "targets"),
            };
            description.Check(file.Origin);
            return description;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{file.Origin}: the metadata '{Key}' does not describe a model: {error.Message}", error);
        }
    }

    private void Check(string origin)
    {
        if (Precision is not ("float32" or "float64"))
            throw new InvalidDataException($"{origin}: the model's precision is '{Precision}'; expected float32 or float64.");
        if (FeatureNames.Count == 0 || Outputs == 0)
            throw new InvalidDataException($"{origin}: the model has {FeatureNames.Count} features and {Outputs} outputs; expected at least one of each.");
        if (Architecture is { } built && (built.Inputs != FeatureNames.Count || built.Outputs != Outputs))
            throw new InvalidDataException($"{origin}: the model is {built}, but has {FeatureNames.Count} features and {Outputs} outputs.");
    }

    private static void WriteNames(Utf8JsonWriter json, string key, IReadOnlyList<string> names)
    {
        json.WriteStartArray(key);
        foreach (string name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static IReadOnlyList<string> ReadNames(JsonElement json, string key) =>
        [.. json.GetProperty(key).EnumerateArray().Select(name => name.GetString() ?? throw new FormatException($"'{key}' holds a null"))];
}
