using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using FastGrad.Data;

namespace FastGrad.Serialization;

/// <summary>What a checkpoint consists of: the one file whose renaming makes a save hold.</summary>
/// <remarks>
/// Its text is a function of its values, the last of which is a checksum of the others. Reading writes what was understood again and
/// compares: a changed byte anywhere is found.
/// </remarks>
/// <param name="Generation">How many saves there have been, this one included.</param>
/// <param name="Files">The files, by name in ordinal order.</param>
public sealed record CheckpointManifest(long Generation, IReadOnlyList<CheckpointFile> Files)
{
    /// <summary>The version of the format that this library writes, and the only one that it reads.</summary>
    public const int FormatVersion = 1;

    private const string Format = "fastgrad-checkpoint";
    private const int MostBytes = 1 << 20;

    /// <summary>The file of this name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public CheckpointFile this[string name] => Files.FirstOrDefault(file => file.Name == name)
        ?? throw new InvalidDataException($"the checkpoint holds no '{name}'; it holds {MessageText.Quote([.. Files.Select(file => file.Name)])}.");

    internal byte[] Write()
    {
        byte[] body = Write("");
        return Write(Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    internal static CheckpointManifest Read(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (stream.Length > MostBytes)
            throw new InvalidDataException($"{MessageText.OneLine(path)}: the manifest holds {stream.Length} bytes; at most {MostBytes} are read.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Parse(bytes, path);
    }

    internal static CheckpointManifest Parse(byte[] bytes, string origin)
    {
        CheckpointManifest manifest;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new() { MaxDepth = 4 });
            JsonElement json = document.RootElement;
            if (json.GetProperty("format").GetString() != Format)
                throw Fault(origin, $"'format' is not '{Format}'");
            int version = json.GetProperty("format_version").GetInt32();
            if (version != FormatVersion)
                throw Fault(origin, $"the checkpoint's format is version {version}; this library reads version {FormatVersion}");
            manifest = new(
                json.GetProperty("generation").GetInt64(),
                [.. json.GetProperty("files").EnumerateObject().Select(file =>
                    new CheckpointFile(file.Name, file.Value.GetProperty("bytes").GetInt64(), file.Value.GetProperty("sha256").GetString() ?? ""))]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"{MessageText.OneLine(origin)}: this is no manifest of a checkpoint: {MessageText.OneLine(error.Message)}", error);
        }
        foreach (CheckpointFile file in manifest.Files)
            CheckName(file.Name, name => Fault(origin, $"{MessageText.Quote(name)} is no name of a file in the folder"));
        if (!manifest.Write().AsSpan().SequenceEqual(bytes))
            throw Fault(origin, "the manifest was changed after it was written: its checksum does not fit");
        return manifest;
    }

    /// <summary>A plain name: it leads to no other folder, and is none that a save uses itself.</summary>
    internal static void CheckName(string name, Func<string, Exception> fault)
    {
        if (name.Length is 0 or > 200 || name.AsSpan().ContainsAny('/', '\\', ':') || name.Any(char.IsControl) || name[0] == '.'
            || name.EndsWith(CheckpointFolder.Successor, StringComparison.Ordinal) || name is CheckpointFolder.ManifestName or CheckpointFolder.LockName)
            throw fault(name);
    }

    private byte[] Write(string checksum)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("format_version", FormatVersion);
            json.WriteNumber("generation", Generation);
            json.WriteStartObject("files");
            foreach (CheckpointFile file in Files)
            {
                json.WriteStartObject(file.Name);
                json.WriteNumber("bytes", file.Bytes);
                json.WriteString("sha256", file.Sha256);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteString("sha256", checksum);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static InvalidDataException Fault(string origin, string problem) => new($"{MessageText.OneLine(origin)}: {problem}.");
}
