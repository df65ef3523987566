using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FastGrad.Serialization;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Serialization;

public class SafeTensorsWriterTests
{
    private static byte[] Bytes(SafeTensorsWriter writer)
    {
        using var stream = new MemoryStream();
        var sha256 = writer.WriteTo(stream);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())), sha256);
        return stream.ToArray();
    }

    private static SafeTensorsFile Load(byte[] bytes) => SafeTensors.Load(new MemoryStream(bytes), "m.safetensors");

    [Fact]
    public void TheBytesAreThoseOfTheFormat()
    {
        var writer = new SafeTensorsWriter();
        writer.SetMetadata("k", "v");
        writer.Add<float>("b", [2], [1f, -2f]);
        writer.Add<byte>("a", [], [7]);

        // Written out by hand from the format's description.
        var header = """{"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 7];
        Assert.Equal(expected, Bytes(writer));
    }

    [Fact]
    public void TheOrderOfCallsDoesNotMatter()
    {
        SafeTensorsWriter one = new(), other = new();
        one.SetMetadata("x", "1");
        one.SetMetadata("a", "2");
        one.Add<double>("z", [1], [1]);
        one.Add<float>("A", [1], [2]);
        one.Add<float>("a", [1], [3]);
        one.Add<int>("0", [1], [4]);
        other.Add<int>("0", [1], [4]);
        other.Add<float>("a", [1], [3]);
        other.Add<float>("A", [1], [2]);
        other.Add<double>("z", [1], [1]);
        other.SetMetadata("a", "2");
        other.SetMetadata("x", "1");
        Assert.Equal(Bytes(one), Bytes(other));
        Assert.Equal(["z", "0", "A", "a"], Load(Bytes(one)).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void EveryElementIsAlignedWithinTheFile()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<byte>("a", [3], [1, 2, 3]);
        writer.Add<double>("b", [1], [1]);
        writer.Add<short>("c", [1], [1]);
        writer.Add<float>("d", [1], [1]);
        var bytes = Bytes(writer);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
        Assert.Equal(["b", "d", "c", "a"], Load(bytes).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void NaNsHaveOneSpelling()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<float>("f", [2], [BitConverter.UInt32BitsToSingle(0xFFC0_1234), BitConverter.UInt32BitsToSingle(0x7F80_0001)]);
        writer.Add<double>("d", [1], [BitConverter.UInt64BitsToDouble(0xFFF8_0000_0000_0000)]);
        var file = Load(Bytes(writer));
        Assert.Equal([0, 0, 0xC0, 0x7F, 0, 0, 0xC0, 0x7F], file["f"].Data.ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0, 0xF8, 0x7F], file["d"].Data.ToArray());
    }

    [Property]
    public void WhatIsWrittenIsRead(NonNull<string>[] names, byte[] lengths, int[] bits, NonNull<string> text)
    {
        var writer = new SafeTensorsWriter();
        var written = new Dictionary<string, (int[] Shape, Array Values)>();
        for (var i = 0; i < names.Length; i++)
        {
            var name = $"{i}:{names[i].Get}";
            if (!IsUnicode(name))
                continue;
            int[] shape = [.. lengths.Skip(i).Take(i % 4).Select(length => length % 4)];
            var count = shape.Aggregate(1, (product, length) => product * length);
            var at = (int j) => bits.Length == 0 ? 0 : bits[j % bits.Length];
            switch (i % 4)
            {
                case 0: Add(name, shape, Enumerable.Range(0, count).Select(j => (float)at(j) / 3).ToArray()); break;
                case 1: Add(name, shape, Enumerable.Range(0, count).Select(j => (double)at(j) / 7).ToArray()); break;
                case 2: Add(name, shape, Enumerable.Range(0, count).Select(at).ToArray()); break;
                default: Add(name, shape, Enumerable.Range(0, count).Select(j => at(j) > 0).ToArray()); break;
            }
        }

        if (IsUnicode(text.Get))
            writer.SetMetadata("text", text.Get);
        var file = Load(Bytes(writer));
        Assert.Equal(written.Count, file.Entries.Count);
        Assert.Equal(IsUnicode(text.Get) ? text.Get : null, file.Metadata.GetValueOrDefault("text"));
        foreach (var (name, (shape, values)) in written)
            Assert.Equal(values, values switch
            {
                float[] => file.Read<float>(name, shape),
                double[] => file.Read<double>(name, shape),
                int[] => file.Read<int>(name, shape),
                _ => (Array)file.Read<bool>(name, shape),
            });

        void Add<T>(string name, int[] shape, T[] values)
            where T : unmanaged
        {
            writer.Add<T>(name, shape, values);
            written[name] = (shape, values);
        }
    }

    private static bool IsUnicode(string text)
    {
        try
        {
            new UnicodeEncoding(false, false, throwOnInvalidBytes: true).GetBytes(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    [Fact]
    public void EveryElementTypeKeepsItsBits()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<sbyte>("i8", [2], [sbyte.MinValue, -1]);
        writer.Add<ushort>("u16", [1], [ushort.MaxValue]);
        writer.Add<short>("i16", [1], [short.MinValue]);
        writer.Add<Half>("f16", [1], [Half.Epsilon]);
        writer.Add<uint>("u32", [1], [uint.MaxValue]);
        writer.Add<long>("i64", [1], [long.MinValue]);
        writer.Add<ulong>("u64", [1], [ulong.MaxValue]);
        writer.Add<double>("f64", [3], [-0.0, double.Epsilon, double.NegativeInfinity]);
        var file = Load(Bytes(writer));
        Assert.Equal([sbyte.MinValue, -1], file.Read<sbyte>("i8", [2]));
        Assert.Equal([ushort.MaxValue], file.Read<ushort>("u16", [1]));
        Assert.Equal([short.MinValue], file.Read<short>("i16", [-1]));
        Assert.Equal([Half.Epsilon], file.Read<Half>("f16", [1]));
        Assert.Equal([uint.MaxValue], file.Read<uint>("u32", [1]));
        Assert.Equal([long.MinValue], file.Read<long>("i64", [1]));
        Assert.Equal([ulong.MaxValue], file.Read<ulong>("u64", [1]));
        Assert.Equal(new[] { -0.0, double.Epsilon, double.NegativeInfinity }.Select(BitConverter.DoubleToInt64Bits), file.Read<double>("f64", [3]).Select(BitConverter.DoubleToInt64Bits));
        foreach (var entry in file.Entries)
            Assert.StartsWith(entry.Type.ToString(), entry.ToString());
    }

    [Fact]
    public void TheHeaderIsPlainJsonToAnyReader()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<float>("Gewicht \"ß\" 🎓", [1], [1]);
        var bytes = Bytes(writer);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)));
        Assert.Equal("F32", json.RootElement.GetProperty("Gewicht \"ß\" 🎓").GetProperty("dtype").GetString());
    }

    [Fact]
    public void SavingIsAllOrNothing()
    {
        var folder = Directory.CreateTempSubdirectory("fastgrad-");
        try
        {
            var path = Path.Combine(folder.FullName, "m.safetensors");
            File.WriteAllText(path, "old");
            var writer = new SafeTensorsWriter();
            writer.Add<float>("a", [1], [1]);
            var sha256 = writer.Save(path);
            Assert.Equal(sha256, SafeTensors.Load(path).Sha256);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), sha256);
            Assert.Equal(path, Assert.Single(Directory.GetFileSystemEntries(folder.FullName)));

            // A folder of the target's name cannot be replaced by a file: it stays, and nothing else is left behind.
            var blocked = Path.Combine(folder.FullName, "folder");
            Directory.CreateDirectory(blocked);
            Assert.ThrowsAny<Exception>(() => writer.Save(blocked));
            Assert.Equal(2, Directory.GetFileSystemEntries(folder.FullName).Length);
            Assert.Throws<DirectoryNotFoundException>(() => writer.Save(Path.Combine(folder.FullName, "no", "m.safetensors")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void WhatCannotBeWrittenIsRefused()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<float>("a", [2, 0, 3], []);
        Assert.Throws<ArgumentException>(() => writer.Add<float>("a", [1], [1]));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("", [1], [1]));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("__metadata__", [1], [1]));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("b", [2, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("b", [-1, -1], [1]));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("b", [65536, 65536, 65536, 65536], []));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("b\uD800", [1], [1]));
        Assert.Throws<ArgumentException>(() => writer.SetMetadata("k", "\uDC00"));
        Assert.Throws<NotSupportedException>(() => writer.Add<char>("b", [1], ['x']));
        Assert.Single(Load(Bytes(writer)).Entries);
    }
}
