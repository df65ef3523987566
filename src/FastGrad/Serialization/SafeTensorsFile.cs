using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FastGrad.Data;

namespace FastGrad.Serialization;

/// <summary>What a safetensors file holds. Made by <see cref="SafeTensors"/>.</summary>
public sealed class SafeTensorsFile
{
    private readonly Dictionary<string, SafeTensorsEntry> _byName;

    internal SafeTensorsFile(string origin, List<SafeTensorsEntry> entries, Dictionary<string, string> metadata, string sha256)
    {
        Origin = origin;
        Entries = entries.AsReadOnly();
        Metadata = metadata.AsReadOnly();
        Sha256 = sha256;
        _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The path of the file, or what its reader called it.</summary>
    public string Origin { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries { get; }

    /// <summary>The texts of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>SHA-256 of the file's bytes, as 64 lowercase hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The tensor of this name, if there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out SafeTensorsEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public SafeTensorsEntry this[string name] =>
        TryGet(name, out var entry) ? entry : throw SafeTensorsHeader.Fault(Origin, $"there is no tensor {MessageText.Quote(name)}");

    /// <summary>The text of this key of the metadata.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public string MetadataOf(string key) =>
        Metadata.TryGetValue(key, out var text) ? text : throw SafeTensorsHeader.Fault(Origin, $"the metadata has no {MessageText.Quote(key)}");

    /// <summary>The elements of a tensor that must have this type and shape.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="shape">The shape expected, where −1 stands for any length.</param>
    /// <exception cref="InvalidDataException">The tensor is missing, or has another type or shape.</exception>
    /// <exception cref="NotSupportedException">The format has no such element type.</exception>
    public T[] Read<T>(string name, ReadOnlySpan<int> shape)
        where T : unmanaged => Elements<T>(name, shape).ToArray();

    /// <summary>Copies the elements of a tensor that must have this type and shape; answers their number.</summary>
    /// <exception cref="InvalidDataException">The tensor is missing, or has another type or shape.</exception>
    /// <exception cref="NotSupportedException">The format has no such element type.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public int CopyTo<T>(string name, ReadOnlySpan<int> shape, Span<T> destination)
        where T : unmanaged
    {
        var elements = Elements<T>(name, shape);
        if (destination.Length < elements.Length)
            throw new ArgumentException($"destination holds {destination.Length} elements; tensor '{name}' has {elements.Length}.", nameof(destination));
        elements.CopyTo(destination);
        return elements.Length;
    }

    private ReadOnlySpan<T> Elements<T>(string name, ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors files are read on little-endian machines alone.");
        var entry = this[name];
        var type = SafeTensorsTypes.Of<T>();
        if (entry.Type != type || !Fits(entry.Shape, shape))
            throw SafeTensorsHeader.Fault(Origin, $"tensor {MessageText.Quote(name)} is {entry}; expected {SafeTensorsTypes.NameOf(type)} [{string.Join(", ", shape.ToArray().Select(length => length < 0 ? "any" : length.ToString()))}]");
        if (type == SafeTensorsType.BOOL && entry.Data.Span.ContainsAnyExceptInRange((byte)0, (byte)1))
            throw SafeTensorsHeader.Fault(Origin, $"tensor {MessageText.Quote(name)} is BOOL, but holds a byte that is neither 0 nor 1");
        return MemoryMarshal.Cast<byte, T>(entry.Data.Span);
    }

    private static bool Fits(IReadOnlyList<long> actual, ReadOnlySpan<int> expected)
    {
        if (actual.Count != expected.Length)
            return false;
        for (var i = 0; i < expected.Length; i++)
            if (expected[i] >= 0 && actual[i] != expected[i])
                return false;
        return true;
    }
}
