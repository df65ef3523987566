using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using FastGrad.Data;

namespace FastGrad.Serialization;

/// <summary>
/// Gathers tensors and texts and writes them as one safetensors file. The bytes are a function of names, types, shapes,
/// values and metadata alone: no time, machine or order of calls enters.
/// </summary>
/// <remarks>
/// Tensors are ordered by element size, largest first, then by name in ordinal order; metadata by key in ordinal order. With
/// the header padded by spaces to a multiple of 8 bytes, every element is aligned to its size within the file. A NaN is
/// written as the positive quiet one without payload, since its sign and payload differ between machines.
/// </remarks>
public sealed class SafeTensorsWriter
{
    private readonly Dictionary<string, (SafeTensorsType Type, int[] Shape, byte[] Data)> _tensors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Adds a tensor; its elements are copied.</summary>
    /// <param name="name">Unique, not empty, not <c>__metadata__</c>.</param>
    /// <param name="shape">The lengths of the dimensions, outermost first; empty for a scalar.</param>
    /// <param name="values">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The name is taken or invalid, or the shape does not fit the number of values.</exception>
    /// <exception cref="NotSupportedException">The format has no such element type.</exception>
    public void Add<T>(string name, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        CheckText(name, nameof(name));
        if (name.Length == 0 || name == SafeTensorsHeader.MetadataKey)
            throw new ArgumentException($"A tensor cannot be named '{name}'.", nameof(name));
        var type = SafeTensorsTypes.Of<T>();
        if (shape.Length > SafeTensors.MaxRank)
            throw new ArgumentException($"shape of '{name}' has {shape.Length} dimensions; at most {SafeTensors.MaxRank} are supported.", nameof(shape));
        long count = 1;
        foreach (var length in shape)
        {
            if (length < 0)
                throw new ArgumentException($"shape of '{name}' holds {length}; expected lengths from 0.", nameof(shape));
            count = Math.Min(count * length, int.MaxValue + 1L);
        }

        if (count != values.Length)
            throw new ArgumentException($"'{name}' of shape [{string.Join(", ", shape.ToArray())}] got {values.Length} values; expected the shape's product.", nameof(values));
        if (!_tensors.TryAdd(name, (type, shape.ToArray(), Canonical(values))))
            throw new ArgumentException($"A tensor named '{name}' was added already.", nameof(name));
    }

    /// <summary>Adds a text to <c>__metadata__</c>, or replaces it.</summary>
    /// <exception cref="ArgumentException">Key or text is no valid Unicode.</exception>
    public void SetMetadata(string key, string text)
    {
        CheckText(key, nameof(key));
        CheckText(text, nameof(text));
        _metadata[key] = text;
    }

    /// <summary>
    /// Writes the file, all or nothing: to a temporary file beside the target, flushed to the device, then renamed over it.
    /// </summary>
    /// <returns>SHA-256 of the file's bytes, as 64 lowercase hexadecimal digits.</returns>
    /// <exception cref="IOException">The file cannot be written; the target is then as it was.</exception>
    public string Save(string path)
    {
        string sha256 = "";
        DurableFiles.Write(path, stream => sha256 = WriteTo(stream));
        return sha256;
    }

    /// <summary>Writes the file's bytes to a stream.</summary>
    /// <returns>SHA-256 of the bytes, as 64 lowercase hexadecimal digits.</returns>
    /// <exception cref="InvalidOperationException">The header is longer than readers accept.</exception>
    public string WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (string Name, SafeTensorsType Type, int[] Shape, byte[] Data)[] tensors =
            [.. _tensors.OrderByDescending(t => SafeTensorsTypes.SizeOf(t.Value.Type)).ThenBy(t => t.Key, StringComparer.Ordinal)
                .Select(t => (t.Key, t.Value.Type, t.Value.Shape, t.Value.Data))];

        var header = Header(tensors);
        if (header.Length > SafeTensors.MaxHeaderLength)
            throw new InvalidOperationException($"The header needs {header.Length} bytes; readers accept {SafeTensors.MaxHeaderLength}.");
        Span<byte> prefix = stackalloc byte[SafeTensors.PrefixLength];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        Put(prefix);
        Put(header);
        foreach (var tensor in tensors)
            Put(tensor.Data);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            hash.AppendData(bytes);
        }
    }

    private byte[] Header(ReadOnlySpan<(string Name, SafeTensorsType Type, int[] Shape, byte[] Data)> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (_metadata.Count > 0)
            {
                json.WriteStartObject(SafeTensorsHeader.MetadataKey);
                foreach (var (key, text) in _metadata)
                    json.WriteString(key, text);
                json.WriteEndObject();
            }

            long begin = 0;
            foreach (var (name, type, shape, data) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", SafeTensorsTypes.NameOf(type));
                json.WriteStartArray("shape");
                foreach (var length in shape)
                    json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begin);
                json.WriteNumberValue(begin += data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var padding = -buffer.WrittenCount & 7;
        buffer.Write("       "u8[..padding]);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Canonical<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors files are written on little-endian machines alone.");
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (typeof(T) == typeof(float))
        {
            foreach (ref var x in MemoryMarshal.Cast<byte, float>(bytes.AsSpan()))
                if (float.IsNaN(x))
                    x = BitConverter.UInt32BitsToSingle(0x7FC0_0000);
        }
        else if (typeof(T) == typeof(double))
        {
            foreach (ref var x in MemoryMarshal.Cast<byte, double>(bytes.AsSpan()))
                if (double.IsNaN(x))
                    x = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);
        }
        else if (typeof(T) == typeof(Half))
        {
            foreach (ref var x in MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()))
                if (Half.IsNaN(x))
                    x = BitConverter.UInt16BitsToHalf(0x7E00);
        }

        return bytes;
    }

    // JSON cannot carry half a surrogate pair; it would be replaced silently, and two names could become one.
    private static void CheckText(string text, string argument)
    {
        ArgumentNullException.ThrowIfNull(text, argument);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                throw new ArgumentException($"{argument} {MessageText.Quote(text)} is no valid Unicode: an unpaired surrogate at {i}.", argument);
        }
    }
}
