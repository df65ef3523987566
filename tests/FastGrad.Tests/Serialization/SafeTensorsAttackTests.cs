using System.Buffers.Binary;
using System.Text;
using FastGrad.Serialization;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Serialization;

/// <summary>Files that a reader must refuse, each with one line that names the file.</summary>
public class SafeTensorsAttackTests
{
    private static byte[] File(string header, int dataLength) => File(Encoding.UTF8.GetBytes(header), dataLength);

    private static byte[] File(byte[] header, int dataLength)
    {
        var bytes = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        return bytes;
    }

    private static SafeTensorsFile Load(byte[] bytes) => SafeTensors.Load(new MemoryStream(bytes), "m.safetensors");

    private static string Refused(byte[] bytes)
    {
        var message = Assert.Throws<InvalidDataException>(() => Load(bytes)).Message;
        Assert.StartsWith("m.safetensors: ", message);
        Assert.DoesNotContain('\n', message);
        return message["m.safetensors: ".Length..];
    }

    [Fact]
    public void WhatIsValidIsRead()
    {
        var file = Load(File("""  {"a":{"shape":[2,1],"data_offsets":[0,8],"dtype":"F32"},"s":{"dtype":"U8","shape":[],"data_offsets":[8,9]},"none":{"dtype":"I64","shape":[0,5],"data_offsets":[8,8]}}   """.TrimStart(), 9));
        Assert.Equal([2L, 1], file["a"].Shape);
        Assert.Equal([0f, 0], file.Read<float>("a", [2, 1]));
        Assert.Equal([(byte)0], file.Read<byte>("s", []));
        Assert.Empty(file.Read<long>("none", [0, 5]));
        Assert.Empty(Load(File("{}", 0)).Entries);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "tensor 'a': 'data_offsets' are [0, 8], but the file holds 7 bytes of data.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 bytes of data belong to no tensor.")]
    [InlineData("{}", 1, "1 bytes of data belong to no tensor.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "tensor 'a': F32 [3] needs 12 bytes, but 'data_offsets' span 8.")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", 8, "tensor 'a': F64 [2] needs 16 bytes, but 'data_offsets' span 8.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0,3],"data_offsets":[0,8]}}""", 8, "tensor 'a': U8 [0, 3] needs 0 bytes, but 'data_offsets' span 8.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}""", 7, "tensor 'b': its data begins at 3, inside the tensor before it; expected 4.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "tensor 'b': its data begins at 0, inside the tensor before it; expected 4.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}""", 9, "tensor 'b': its data begins at 5, after a gap; expected 4.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[1,5]}}""", 5, "tensor 'a': its data begins at 1, after a gap; expected 0.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[8,4]}}""", 8, "tensor 'a': 'data_offsets' end before they begin: [8, 4].")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}""", 8, "tensor 'a': 'data_offsets'[0] must be an integer from 0 to 9223372036854775807.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""", 4, "tensor 'a': 'shape'[0] must be an integer from 0 to 9223372036854775807.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}}""", 4, "tensor 'a': 'shape'[0] must be an integer from 0 to 9223372036854775807.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,4]}}""", 4, "tensor 'a': 'shape'[0] must be an integer from 0 to 9223372036854775807.")]
    [InlineData("""{"a":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}""", 4, "tensor 'a': 'shape'[0] must be an integer from 0 to 9223372036854775807.")]
    [InlineData("""{"a":{"dtype":"U8","shape":4,"data_offsets":[0,4]}}""", 4, "tensor 'a': 'shape' must be an array.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}}""", 4, "tensor 'a': 'data_offsets' holds 3 integers; expected 2.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "tensor 'a': the size of F32 [4294967296, 4294967296] overflows.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, "tensor 'a': the size of F32 [4611686018427387904] overflows.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "tensor 'a': the size of F32 [0, 4294967296, 4294967296] overflows.")]
    [InlineData("""{"a":{"dtype":"F99","shape":[4],"data_offsets":[0,4]}}""", 4, "tensor 'a': the dtype 'F99' is unknown.")]
    [InlineData("""{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'a': the dtype 'f32' is unknown.")]
    [InlineData("""{"a":{"dtype":7,"shape":[4],"data_offsets":[0,4]}}""", 4, "tensor 'a': 'dtype' must be a text.")]
    [InlineData("""{"a":{"shape":[4],"data_offsets":[0,4]}}""", 4, "tensor 'a': 'dtype' is missing.")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,4]}}""", 4, "tensor 'a': 'shape' is missing.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4]}}""", 4, "tensor 'a': 'data_offsets' is missing.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":1}}""", 4, "tensor 'a': 'x' is unexpected or occurs twice; expected 'dtype', 'shape' and 'data_offsets'.")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}}""", 4, "tensor 'a': 'dtype' is unexpected or occurs twice; expected 'dtype', 'shape' and 'data_offsets'.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "the name 'a' occurs twice.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "the name 'a' occurs twice.")]
    [InlineData("""{"a":[]}""", 0, "tensor 'a': must be an object.")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "'k' of '__metadata__' must be a text.")]
    [InlineData("""{"__metadata__":{"k":"1","k":"1"}}""", 0, "'k' of '__metadata__' occurs twice.")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__' occurs twice.")]
    [InlineData("""{"__metadata__":7}""", 0, "'__metadata__' must be an object.")]
    [InlineData("[]", 0, "the header does not begin with '{'.")]
    [InlineData(" {}", 0, "the header does not begin with '{'.")]
    [InlineData("", 0, "the header does not begin with '{'.")]
    public void AContradictionIsNamed(string header, int dataLength, string message) => Assert.Equal(message, Refused(File(header, dataLength)));

    [Theory]
    [InlineData("""{"a":""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4,],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[4]],"data_offsets":[0,4]}}""")]
    [InlineData("""{} x""")]
    [InlineData("""{}{}""")]
    [InlineData("""{}/* */""")]
    [InlineData("{'a':1}")]
    [InlineData("""{"\uD800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""")]
    [InlineData("{\"a\nb\":{}}")]
    public void WhatIsNoJsonIsRefused(string header) => Refused(File(header, 0));

    [Fact]
    public void BytesThatAreNotUtf8AreRefused() =>
        Assert.Equal("the header is not UTF-8.", Refused(File([.. "{\""u8, 0xC3, 0x28, .. "\":{}}"u8], 0)));

    [Theory]
    [InlineData(0UL, "the header does not begin with '{'.")]
    [InlineData(3UL, "the header claims 3 bytes, but 2 follow.")]
    [InlineData(100_000_001UL, "the header claims 100000001 bytes; at most 100000000 are read, so this is likely no safetensors file.")]
    [InlineData(100_000_000UL, "the header claims 100000000 bytes, but 2 follow.")]
    [InlineData(ulong.MaxValue, "the header claims 18446744073709551615 bytes; at most 100000000 are read, so this is likely no safetensors file.")]
    public void AHeaderLengthThatCannotBeIsRefused(ulong length, string message)
    {
        byte[] bytes = [0, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(message, Refused(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void AClaimOfManyBytesAllocatesNone()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(File("""{"a":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}""", 4));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void AShapeOfManyDimensionsStaysOneShortLine()
    {
        var message = Refused(File("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + string.Join(',', Enumerable.Repeat(1, 100_000)) + "],\"data_offsets\":[0,1]}}", 1));
        Assert.Equal("tensor 'a': 'shape' holds 100000 lengths; at most 64 are supported.", message);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        var writer = new SafeTensorsWriter();
        writer.SetMetadata("k", "v");
        writer.Add<float>("a", [2], [1, 2]);
        writer.Add<byte>("b", [3], [1, 2, 3]);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        var bytes = stream.ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Refused(bytes[..length]);
        Refused([.. bytes, 0]);
        Load(bytes);
    }

    [Property(MaxTest = 1000)]
    public void AnyChangedByteIsReadOrRefusedButNeverAnotherError(ushort at, byte value)
    {
        var writer = new SafeTensorsWriter();
        writer.SetMetadata("k", "v");
        writer.Add<double>("a", [2, 3], new double[6]);
        writer.Add<bool>("b", [2], [true, false]);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        var bytes = stream.ToArray();
        bytes[at % bytes.Length] = value;
        try
        {
            Load(bytes);
        }
        catch (InvalidDataException error)
        {
            Assert.StartsWith("m.safetensors: ", error.Message);
        }
    }

    [Fact]
    public void AnotherTypeOrShapeThanExpectedIsNamed()
    {
        var file = Load(File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}""", 9));
        Assert.Equal("m.safetensors: tensor 'a' is F32 [2]; expected F64 [2].", Assert.Throws<InvalidDataException>(() => file.Read<double>("a", [2])).Message);
        Assert.Equal("m.safetensors: tensor 'a' is F32 [2]; expected F32 [any, 1].", Assert.Throws<InvalidDataException>(() => file.Read<float>("a", [-1, 1])).Message);
        Assert.Equal("m.safetensors: there is no tensor 'c'.", Assert.Throws<InvalidDataException>(() => file["c"]).Message);
        Assert.Equal("m.safetensors: the metadata has no 'k'.", Assert.Throws<InvalidDataException>(() => file.MetadataOf("k")).Message);
        Assert.Throws<ArgumentException>(() => file.CopyTo("a", [2], new float[1]));
        Assert.Equal(2, file.CopyTo("a", [-1], new float[3]));
    }

    [Fact]
    public void ABooleanIsZeroOrOne()
    {
        var bytes = File("""{"b":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}""", 1);
        bytes[^1] = 2;
        Assert.Throws<InvalidDataException>(() => Load(bytes).Read<bool>("b", [1]));
    }
}
