using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FastGrad.Serialization;

/// <summary>
/// The safetensors format (huggingface/safetensors, "Format"): 8 bytes with the little-endian length of a JSON header, the
/// header, and the raw little-endian data of the tensors, without gaps.
/// </summary>
/// <remarks>
/// Reading is strict: a file that is truncated, too long, contradictory or ambiguous is refused with one line that names
/// the file, the tensor and what was expected. Before any array is made, the length that calls for it is checked against the
/// length of the file, so a hostile file costs no more memory than it has bytes (and its header's JSON objects).
/// </remarks>
public static class SafeTensors
{
    /// <summary>The longest header that is read, in bytes; the same limit as the reference implementation's.</summary>
    public const int MaxHeaderLength = 100_000_000;

    /// <summary>The most dimensions of a tensor, so that a shape always fits into a message.</summary>
    public const int MaxRank = 64;

    /// <summary>The bytes before the header.</summary>
    internal const int PrefixLength = 8;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">The file is no valid safetensors file.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static SafeTensorsFile Load(string path)
    {
        // Opening a pipe would wait for its other end for ever; pipes and devices have no length.
        if (File.Exists(path) && new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length == 0)
            throw SafeTensorsHeader.Fault(path, $"the file holds 0 bytes, or is no regular one; expected at least {PrefixLength}");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Load(stream, path);
    }

    /// <summary>Reads from the position of a seekable stream to its end.</summary>
    /// <param name="stream">Not disposed.</param>
    /// <param name="origin">What errors call the stream.</param>
    /// <exception cref="InvalidDataException">The stream holds no valid safetensors file.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek, so its length is unknown.</exception>
    public static SafeTensorsFile Load(Stream stream, string origin)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(origin);
        if (!stream.CanSeek)
            throw new ArgumentException("The stream cannot seek; its length must be known before anything is allocated.", nameof(stream));

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = stream.Length - stream.Position;
        if (length < PrefixLength)
            throw SafeTensorsHeader.Fault(origin, $"the file holds {length} bytes; expected at least {PrefixLength}");
        var prefix = Read(stream, PrefixLength, hash, origin);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaxHeaderLength)
            throw SafeTensorsHeader.Fault(origin, $"the header claims {headerLength} bytes; at most {MaxHeaderLength} are read, so this is likely no safetensors file");
        if ((long)headerLength > length - PrefixLength)
            throw SafeTensorsHeader.Fault(origin, $"the header claims {headerLength} bytes, but {length - PrefixLength} follow");

        var header = Read(stream, (int)headerLength, hash, origin);
        var (entries, metadata) = SafeTensorsHeader.Parse(header, length - PrefixLength - (long)headerLength, origin);
        foreach (var entry in entries)
            entry.Data = Read(stream, (int)(entry.End - entry.Begin), hash, origin);
        return new SafeTensorsFile(origin, entries, metadata, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static byte[] Read(Stream stream, int count, IncrementalHash hash, string origin)
    {
        var bytes = new byte[count];
        if (stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) != count)
            throw SafeTensorsHeader.Fault(origin, "the file became shorter while it was read");
        hash.AppendData(bytes);
        return bytes;
    }
}
