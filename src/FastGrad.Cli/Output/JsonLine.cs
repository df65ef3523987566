using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FastGrad.Cli.Output;

/// <summary>JSON on standard output: one object a line.</summary>
internal static class JsonLine
{
    /// <summary>Texts are readable: only what JSON itself must escape is escaped.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object; <paramref name="members"/> writes its members.</summary>
    public static void Write(Action<Utf8JsonWriter> members) => Console.Out.WriteLine(Text(members));

    /// <summary>One object as text; <paramref name="members"/> writes its members.</summary>
    public static string Text(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A number; null where JSON has none for it.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    /// <summary>An array of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
