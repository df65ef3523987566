using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder;

namespace FastGrad.Optimization.Tests.Engine;

public class StateTests
{
    [Fact]
    public void State_is_named_as_in_PyTorch_with_types_and_shapes()
    {
        Optimizer<float> optimizer = Create(new float[6]);
        Assert.Equal(
            ["w.exp_avg Float32 [2, 3]", "w.exp_avg_sq Float32 [2, 3]", "w.step Int64 []", "@optimizer.updates Int64 []"],
            optimizer.State.Select(e => $"{e.Name} {e.Type} [{string.Join(", ", e.Shape)}]"));
        Assert.Equal([24, 24, 8, 8], optimizer.State.Select(e => e.Bytes.Length));
        Assert.Equal(["exp_avg", "exp_avg_sq", "step"], new AdamW().DescribeState().Select(e => e.Slot));
    }

    [Fact]
    public void State_starts_on_cache_lines_and_its_distance_avoids_pages()
    {
        // 1024 floats are a page; the second slot must not lie a multiple of a page behind the first.
        Optimizer<float> optimizer = new Adam().Create<float>([new ArrayParameter<float>("w", new float[1024])]);
        nint first = Address(optimizer.State[0]), second = Address(optimizer.State[1]);
        Assert.Equal((0, 0), (first % 64, second % 64));
        Assert.NotEqual(0, (second - first) % 4096);

        static unsafe nint Address(StateEntry entry)
        {
            fixed (byte* start = entry.Bytes)
                return (nint)start;
        }
    }

    [Theory]
    [InlineData("missing", "The state for adamw lacks 'w.exp_avg_sq'.")]
    [InlineData("unknown", "The state for adamw holds 'v.exp_avg', which it does not have.")]
    [InlineData("twice", "The state of adamw holds 'w.exp_avg' twice.")]
    [InlineData("shape", "'w.exp_avg' is Float32 [3, 2] of 24 bytes; expected Float32 [2, 3] of 24 bytes.")]
    [InlineData("type", "'w.step' is Float64 [] of 8 bytes; expected Int64 [] of 8 bytes.")]
    [InlineData("short", "'w.exp_avg' is Float32 [2, 3] of 20 bytes; expected Float32 [2, 3] of 24 bytes.")]
    public void Loading_is_all_or_nothing(string fault, string expected)
    {
        Optimizer<float> source = Create([1f, 2f, 3f, 4f, 5f, 6f]), target = Create(new float[6]);
        source.Step();
        List<StateTensor> tensors = [.. source.State.Select(e => e.ToTensor())];
        StateTensor first = tensors[0];
        switch (fault)
        {
            case "missing": tensors.RemoveAt(1); break;
            case "unknown": tensors.Add(first with { Name = "v.exp_avg" }); break;
            case "twice": tensors.Add(first); break;
            case "shape": tensors[0] = first with { Shape = [3, 2] }; break;
            case "type": tensors[2] = tensors[2] with { Type = StateElementType.Float64 }; break;
            default: tensors[0] = first with { Bytes = first.Bytes[..20] }; break;
        }
        byte[][] before = [.. target.State.Select(e => e.Bytes.ToArray())];
        ArgumentException error = Assert.Throws<ArgumentException>(() => target.LoadState(tensors));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, target.State.Select(e => e.Bytes.ToArray()));
    }

    private static Optimizer<float> Create(float[] gradient) =>
        new AdamW().Create<float>([new ArrayParameter<float>(new ParameterInfo("w", [2, 3]), new float[6], gradient)]);
}
