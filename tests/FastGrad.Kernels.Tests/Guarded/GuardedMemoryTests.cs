using Xunit;

namespace FastGrad.Kernels.Tests.Guarded;

public class GuardedMemoryTests
{
    [Theory]
    [InlineData(Guard.After)]
    [InlineData(Guard.Before)]
    public unsafe void Writing_beside_the_data_is_noticed(Guard guard)
    {
        var memory = new GuardedMemory<float>(5, guard);
        memory.Span.Fill(1);
        fixed (float* p = memory.Span)
            p[guard == Guard.After ? -1 : 5] = 1;
        Assert.Throws<InvalidOperationException>(memory.Dispose);
    }

    [Fact]
    public void Untouched_memory_passes()
    {
        using var memory = new GuardedMemory<double>([1, 2, 3]);
        Assert.Equal([1, 2, 3], memory.Span.ToArray());
    }
}
