using FastGrad.Data;
using FastGrad.Serialization;
using FastGrad.Training;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Serialization;

/// <summary>Damaged files: whatever the damage, one kind of error, soon, and no more memory than the file has bytes.</summary>
public class SafeTensorsFuzzTests
{
    private static readonly byte[] s_good = Good();

    /// <summary>Bits flipped, bytes put in, taken out, repeated, cut off, in any number and order.</summary>
    [Property(MaxTest = 3000)]
    public void Damage_is_read_or_refused(byte[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        List<byte> bytes = [.. s_good];
        for (int i = 0; i + 3 < choices.Length && bytes.Count > 0; i += 4)
        {
            // Half of the damage goes to the header, which decides most.
            int at = (choices[i + 1] << 8 | choices[i + 2]) % (choices[i] % 2 == 0 ? bytes.Count : Math.Min(bytes.Count, 400));
            switch (choices[i] / 2 % 5)
            {
                case 0: bytes[at] ^= (byte)(1 << choices[i + 3] % 8); break;
                case 1: bytes.Insert(at, choices[i + 3]); break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes.InsertRange(at, [.. bytes.GetRange(at, Math.Min(choices[i + 3], bytes.Count - at))]); break;
                default: bytes.RemoveRange(at, Math.Min(choices[i + 3], bytes.Count - at)); break;
            }
        }
        Try([.. bytes]);
    }

    /// <summary>The numbers of a header replaced by any others: shapes and offsets that lie.</summary>
    [Property(MaxTest = 2000)]
    public void Lying_numbers_are_refused(long number, byte which)
    {
        string header = System.Text.Encoding.UTF8.GetString(s_good, 8, (int)BitConverter.ToInt64(s_good));
        System.Text.RegularExpressions.MatchCollection numbers = System.Text.RegularExpressions.Regex.Matches(header, @"(?<=[\[,])\d+(?=[\],])");
        System.Text.RegularExpressions.Match chosen = numbers[which % numbers.Count];
        byte[] changed = System.Text.Encoding.UTF8.GetBytes(header[..chosen.Index] + number + header[(chosen.Index + chosen.Length)..]);
        Try([.. BitConverter.GetBytes((long)changed.Length), .. changed, .. s_good[(8 + header.Length)..]]);
    }

    /// <summary>A checkpoint whose header still reads may lie about the training: that too is one kind of error.</summary>
    [Property(MaxTest = 150)]
    public void A_damaged_checkpoint_is_taken_up_or_refused(byte[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        byte[] bytes = Checkpoint();
        for (int i = 0; i + 2 < choices.Length; i += 3)
            bytes[8 + (choices[i] << 8 | choices[i + 1]) % (bytes.Length - 8)] = choices[i + 2];
        try
        {
            Training().Trainer.Load(SafeTensors.Load(new MemoryStream(bytes), "c.safetensors"));
        }
        catch (InvalidDataException error)
        {
            Assert.StartsWith("c.safetensors: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_shape_of_millions_of_lengths_takes_no_memory_for_them()
    {
        byte[] header = System.Text.Encoding.UTF8.GetBytes("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + string.Join(',', Enumerable.Repeat(0, 5_000_000)) + "],\"data_offsets\":[0,0]}}");
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. header];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("5000000 lengths", Assert.Throws<InvalidDataException>(() => SafeTensors.Load(new MemoryStream(file), "m")).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2L * file.Length); // the header itself is read whole
    }

    private static void Try(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            SafeTensors.Load(new MemoryStream(bytes), "m.safetensors");
        }
        catch (InvalidDataException error)
        {
            Assert.StartsWith("m.safetensors: ", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000 + 30L * bytes.Length);
    }

    private static byte[] Good()
    {
        SafeTensorsWriter writer = new();
        writer.SetMetadata("k", "v");
        writer.Add<double>("a", [2, 3], new double[6]);
        writer.Add<long>("b", [], [7]);
        writer.Add<bool>("c", [2], [true, false]);
        writer.Add<float>("d", [0, 4], []);
        return Bytes(writer);
    }

    private static Fitting<float> Training()
    {
        float[] features = [.. Enumerable.Range(0, 80).Select(i => (float)(i * 7 % 13))];
        return new(
            DataSet<float>.Classification(features, 2, [.. Enumerable.Range(0, 40).Select(i => i % 2)]),
            new() { Hidden = [2], Epochs = 2, Schedule = "reduce-on-plateau" });
    }

    private static byte[] Checkpoint()
    {
        SafeTensorsWriter writer = new();
        Training().Trainer.Save(writer);
        return Bytes(writer);
    }

    private static byte[] Bytes(SafeTensorsWriter writer)
    {
        MemoryStream stream = new();
        writer.WriteTo(stream);
        return stream.ToArray();
    }
}
