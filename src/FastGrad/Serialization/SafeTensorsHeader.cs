using System.Text.Json;
using System.Text.Unicode;
using FastGrad.Data;

namespace FastGrad.Serialization;

/// <summary>
/// Reads the JSON header of a safetensors file and checks all that it claims, before a byte of data is allocated:
/// <c>{"__metadata__": {key: text}, name: {"dtype": text, "shape": [n, …], "data_offsets": [begin, end]}, …}</c>.
/// </summary>
internal ref struct SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private readonly string _origin;
    private readonly long _dataLength;
    private Utf8JsonReader _json;

    private SafeTensorsHeader(ReadOnlySpan<byte> json, long dataLength, string origin)
    {
        _origin = origin;
        _dataLength = dataLength;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 3 });
    }

    /// <summary>The tensors in the order of their data, and the metadata.</summary>
    /// <exception cref="InvalidDataException">The header is malformed or contradicts itself or the length of the data.</exception>
    public static (List<SafeTensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> json, long dataLength, string origin)
    {
        if (!Utf8.IsValid(json))
            throw Fault(origin, "the header is not UTF-8");
        if (json.IsEmpty || json[0] != (byte)'{')
            throw Fault(origin, "the header does not begin with '{'");
        try
        {
            return new SafeTensorsHeader(json, dataLength, origin).Parse();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how the reader answers an escaped surrogate without its other half.
            throw new InvalidDataException($"{MessageText.OneLine(origin)}: the header is not valid JSON: {MessageText.OneLine(error.Message)}", error);
        }
    }

    public static InvalidDataException Fault(string origin, string problem) => new($"{MessageText.OneLine(origin)}: {problem}.");

    private (List<SafeTensorsEntry> Entries, Dictionary<string, string> Metadata) Parse()
    {
        var entries = new Dictionary<string, SafeTensorsEntry>(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        _json.Read();
        while (NextName(out var name))
        {
            if (name == MetadataKey)
                metadata = metadata is null ? Metadata() : throw Fault($"'{MetadataKey}' occurs twice");
            else if (!entries.TryAdd(name, Entry(name)))
                throw Fault($"the name {MessageText.Quote(name)} occurs twice");
        }

        // Only white space may follow; the reader throws on anything else.
        while (_json.Read())
            throw Fault("the header goes on after its object");

        // A tensor without elements lies between others, so the end decides among equal beginnings.
        List<SafeTensorsEntry> inOrder = [.. entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        CheckCover(inOrder);
        return (inOrder, metadata ?? []);
    }

    private Dictionary<string, string> Metadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, $"'{MetadataKey}' must be an object");
        while (NextName(out var key))
        {
            Expect(JsonTokenType.String, $"{MessageText.Quote(key)} of '{MetadataKey}' must be a text");
            if (!metadata.TryAdd(key, _json.GetString()!))
                throw Fault($"{MessageText.Quote(key)} of '{MetadataKey}' occurs twice");
        }

        return metadata;
    }

    private SafeTensorsEntry Entry(string name)
    {
        string? typeName = null;
        long[]? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, Of(name, "must be an object"));
        while (NextName(out var key))
        {
            switch (key)
            {
                case "dtype" when typeName is null:
                    Expect(JsonTokenType.String, Of(name, "'dtype' must be a text"));
                    typeName = _json.GetString()!;
                    break;
                case "shape" when shape is null:
                    shape = Integers(name, key);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Integers(name, key);
                    break;
                default:
                    throw Fault(Of(name, $"{MessageText.Quote(key)} is unexpected or occurs twice; expected 'dtype', 'shape' and 'data_offsets'"));
            }
        }

        if (typeName is null || shape is null || offsets is null)
            throw Fault(Of(name, $"'{(typeName is null ? "dtype" : shape is null ? "shape" : "data_offsets")}' is missing"));
        var type = SafeTensorsTypes.Find(typeName) ?? throw Fault(Of(name, $"the dtype {MessageText.Quote(typeName)} is unknown"));
        if (offsets.Length != 2)
            throw Fault(Of(name, $"'data_offsets' holds {offsets.Length} integers; expected 2"));
        var entry = new SafeTensorsEntry(name, type, shape, offsets[0], offsets[1]);
        CheckSize(entry);
        return entry;
    }

    private long[] Integers(string name, string key)
    {
        var values = new List<long>();
        var count = 0;
        Expect(JsonTokenType.StartArray, Of(name, $"'{key}' must be an array"));
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var value) || value < 0)
                throw Fault(Of(name, $"'{key}'[{count}] must be an integer from 0 to {long.MaxValue}"));
            if (count++ < SafeTensors.MaxRank)
                values.Add(value); // more are an error, and are counted for it
        }

        if (count > SafeTensors.MaxRank)
            throw Fault(Of(name, $"'{key}' holds {count} {(key == "shape" ? "lengths" : "integers")}; at most {SafeTensors.MaxRank} are supported"));
        return [.. values];
    }

    private readonly void CheckSize(SafeTensorsEntry entry)
    {
        if (entry.End < entry.Begin)
            throw Fault(Of(entry.Name, $"'data_offsets' end before they begin: [{entry.Begin}, {entry.End}]"));
        if (entry.End > _dataLength)
            throw Fault(Of(entry.Name, $"'data_offsets' are [{entry.Begin}, {entry.End}], but the file holds {_dataLength} bytes of data"));

        // Zeros stay out of the product until its end, so that a shape that overflows is refused whatever its order.
        var bytes = (long)SafeTensorsTypes.SizeOf(entry.Type);
        foreach (var length in entry.Shape)
            if (length != 0 && bytes > long.MaxValue / length)
                throw Fault(Of(entry.Name, $"the size of {entry} overflows"));
            else
                bytes *= Math.Max(length, 1);
        if (entry.Shape.Contains(0))
            bytes = 0;
        if (entry.End - entry.Begin != bytes)
            throw Fault(Of(entry.Name, $"{entry} needs {bytes} bytes, but 'data_offsets' span {entry.End - entry.Begin}"));
        if (bytes > Array.MaxLength)
            throw Fault(Of(entry.Name, $"{entry} needs {bytes} bytes; at most {Array.MaxLength} are supported"));
    }

    private readonly void CheckCover(List<SafeTensorsEntry> inOrder)
    {
        long covered = 0;
        foreach (var entry in inOrder)
        {
            if (entry.Begin != covered)
                throw Fault(Of(entry.Name, $"its data begins at {entry.Begin}, {(entry.Begin < covered ? "inside the tensor before it" : "after a gap")}; expected {covered}"));
            covered = entry.End;
        }

        if (covered != _dataLength)
            throw Fault($"{_dataLength - covered} bytes of data belong to no tensor");
    }

    private bool NextName(out string name)
    {
        _json.Read();
        name = _json.TokenType == JsonTokenType.PropertyName ? _json.GetString()! : "";
        return _json.TokenType == JsonTokenType.PropertyName;
    }

    private void Expect(JsonTokenType token, string problem)
    {
        _json.Read();
        if (_json.TokenType != token)
            throw Fault(problem);
    }

    private static string Of(string name, string problem) => $"tensor {MessageText.Quote(name)}: {problem}";

    private readonly InvalidDataException Fault(string problem) => Fault(_origin, problem);
}
