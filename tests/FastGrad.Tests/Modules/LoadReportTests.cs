using FastGrad.Modules;
using FastGrad.Serialization;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Files by others: what is taken, converted, missing, unexpected, of another shape.</summary>
public class LoadReportTests
{
    private static Sequential<float> Network() => new(new Linear<float>(3, 2), new BatchNorm1d<float>(2));

    [Fact]
    public void A_state_dict_of_pytorch_loads_by_name()
    {
        // The tensors of torch.nn.Sequential(Linear(3, 2), BatchNorm1d(2)).state_dict(), whose counter is a 64-bit integer.
        SafeTensorsFile file = File(
            ("0.weight", "F32", "2,3", Floats(1, 2, 3, 4, 5, 6)), ("0.bias", "F32", "2", Floats(7, 8)), ("1.weight", "F32", "2", Floats(1, 1)),
            ("1.bias", "F32", "2", Floats(0, 0)), ("1.running_mean", "F32", "2", Floats(0.5f, -1)), ("1.running_var", "F32", "2", Floats(2, 3)),
            ("1.num_batches_tracked", "I64", "", BitConverter.GetBytes(12L)));
        Sequential<float> network = Network();
        LoadReport report = network.Load(file, LoadMode.Strict);
        Assert.True(report.IsExact);
        Assert.Equal("", report.ToString());
        Assert.Equal(7, report.Loaded.Count);
        Assert.Empty(report.Converted);
        Assert.Equal([1, 2, 3, 4, 5, 6], network.NamedParameters()[0].Tensor.ToArray());
        Assert.Equal(12, network.NamedBuffers()[2].Buffer.Item());
        // (x·wᵀ + b − mean)/√(var + 1e-5) at x = (1, 0, 0)
        float[] y = network.Eval().Invoke(Autograd.Tensor.From<float>([1, 0, 0], [1, 3])).ToArray();
        Assert.Equal((1 + 7 - 0.5) / Math.Sqrt(2 + 1e-5), y[0], 1e-5);
        Assert.Equal((4 + 8 + 1) / Math.Sqrt(3 + 1e-5), y[1], 1e-5);
    }

    /// <summary>Values that every one of the formats has, and roundings worked out by hand.</summary>
    [Theory]
    [InlineData("F16", new byte[] { 0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00 }, new[] { 1.0, -2.0, 5.9604644775390625e-08 })] // the last is 2⁻²⁴
    [InlineData("BF16", new byte[] { 0x80, 0x3F, 0x00, 0xC0, 0x49, 0x40 }, new[] { 1.0, -2.0, 3.140625 })]
    [InlineData("I8", new byte[] { 1, 0xFE, 100 }, new[] { 1.0, -2.0, 100.0 })]
    [InlineData("U8", new byte[] { 1, 254, 100 }, new[] { 1.0, 254.0, 100.0 })]
    [InlineData("I16", new byte[] { 1, 0, 0xFE, 0xFF, 0, 1 }, new[] { 1.0, -2.0, 256.0 })]
    [InlineData("I32", new byte[] { 1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 1, 0, 0, 1 }, new[] { 1.0, -2.0, 16777216.0 })] // 2²⁴ + 1 has no binary32: to even
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0, 1, 0, 0, 0, 0, 0, 0xF0, 0x3F }, new[] { 1.0, -2.0, 1.0 })] // 1 + 2⁻⁵²
    public void Numbers_of_other_types_are_rounded_once(string type, byte[] bytes, double[] expected)
    {
        Linear<float> linear = new(3, 1, bias: false);
        LoadReport report = linear.Load(File(("weight", type, "1,3", bytes)));
        Assert.Equal(["weight"], report.Converted);
        Assert.Equal(expected, linear.NamedParameters()[0].Tensor.ToArray().Select(v => (double)v));
    }

    [Fact]
    public void A_number_beyond_the_range_is_refused_and_nothing_changes()
    {
        Linear<float> linear = new(2, 1, bias: false);
        linear.Initialize(1);
        float[] before = linear.NamedParameters()[0].Tensor.ToArray();
        byte[] huge = [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(1e300)];
        Assert.Contains("'weight' (F64 [1, 2]) holds Infinity at 1 as Single", Assert.Throws<InvalidDataException>(() => linear.Load(File(("weight", "F64", "1,2", huge)), LoadMode.Lenient)).Message, StringComparison.Ordinal);
        Assert.Equal(before, linear.NamedParameters()[0].Tensor.ToArray());
    }

    [Fact]
    public void Modes_differ_in_what_they_forgive()
    {
        SafeTensorsFile other = File(
            ("0.weight", "F32", "3,2", Floats(1, 2, 3, 4, 5, 6)), ("0.bias", "F32", "2", Floats(7, 8)), ("1.weight", "BOOL", "2", [1, 0]),
            ("1.bias", "F32", "2", Floats(0, 0)), ("1.running_mean", "F32", "2", Floats(0, 0)), ("head.weight", "F32", "1", Floats(1)));
        foreach (LoadMode mode in (LoadMode[])[LoadMode.Strict, LoadMode.Complete])
        {
            Sequential<float> network = Network();
            network.Initialize(3);
            float[] before = network.NamedParameters()[1].Tensor.ToArray();
            string message = Assert.Throws<InvalidDataException>(() => network.Load(other, mode)).Message;
            Assert.Equal(
                "m.safetensors: tensor '0.weight' is F32 [3, 2]; expected F32 [2, 3]; tensor '1.weight' is BOOL [2]; expected F32 [2]; "
                + $"missing '1.running_var', '1.num_batches_tracked'{(mode == LoadMode.Strict ? "; unexpected 'head.weight'" : "")}.",
                message);
            Assert.Equal(before, network.NamedParameters()[1].Tensor.ToArray());
        }
        Sequential<float> lenient = Network();
        lenient.Initialize(3);
        float[] weight = lenient.NamedParameters()[0].Tensor.ToArray();
        LoadReport report = lenient.Load(other, LoadMode.Lenient);
        Assert.Equal(["0.bias", "1.bias", "1.running_mean"], report.Loaded);
        Assert.Equal(["1.running_var", "1.num_batches_tracked"], report.Missing);
        Assert.Equal(["head.weight"], report.Unexpected);
        Assert.Equal([new("0.weight", "F32 [3, 2]", "F32 [2, 3]"), new("1.weight", "BOOL [2]", "F32 [2]")], report.Mismatched);
        Assert.Equal(weight, lenient.NamedParameters()[0].Tensor.ToArray());
        Assert.Equal([7, 8], lenient.NamedParameters()[1].Tensor.ToArray());
    }

    [Fact]
    public void More_than_is_asked_for_does_no_harm_unless_it_is_to()
    {
        SafeTensorsFile more = File(("weight", "F32", "1,1", Floats(3)), ("bias", "F32", "1", Floats(4)), ("optimizer.x", "F32", "1", Floats(5)));
        Assert.Equal(["optimizer.x"], new Linear<float>(1, 1).Load(more).Unexpected);
        Assert.Contains("unexpected 'optimizer.x'", Assert.Throws<InvalidDataException>(() => new Linear<float>(1, 1).Load(more, LoadMode.Strict)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_may_begin_with_a_prefix()
    {
        SafeTensorsFile wrapped = File(("module.weight", "F32", "1,1", Floats(3)), ("module.bias", "F32", "1", Floats(4)), ("other", "F32", "1", Floats(5)));
        Linear<float> linear = new(1, 1);
        Assert.True(linear.Load(wrapped, LoadMode.Strict, "module.").IsExact);
        Assert.Equal(3, linear.NamedParameters()[0].Tensor.Item());
        Assert.Throws<InvalidDataException>(() => linear.Load(wrapped));
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    // Spelled out, since the library itself writes no half precision.
    private static SafeTensorsFile File(params (string Name, string Type, string Shape, byte[] Data)[] tensors)
    {
        List<string> entries = [];
        List<byte> data = [];
        foreach ((string name, string type, string shape, byte[] bytes) in tensors)
        {
            entries.Add($"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[{data.Count},{data.Count + bytes.Length}]}}");
            data.AddRange(bytes);
        }
        byte[] header = System.Text.Encoding.UTF8.GetBytes("{" + string.Join(',', entries) + "}");
        return SafeTensors.Load(new MemoryStream([.. BitConverter.GetBytes((long)header.Length), .. header, .. data]), "m.safetensors");
    }
}
