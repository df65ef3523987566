using FastGrad.Kernels.Workers;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Kernels.Tests.Workers;

public class PartitionTests
{
    [Property]
    public void Blocks_cover_the_length_once_in_order(NonNegativeInt length, PositiveInt block)
    {
        var partition = new Partition(length.Get, block.Get);
        int next = 0;
        for (int i = 0; i < partition.Count; i++)
        {
            Assert.Equal(next, partition.Start(i));
            Assert.InRange(partition.Size(i), 1, block.Get);
            next += partition.Size(i);
        }
        Assert.Equal(length.Get, next);
    }

    [Fact]
    public void Bad_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Partition(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Partition(1, 0));
        Assert.Equal(0, default(Partition).Count);
        Assert.Equal(2, new Partition(int.MaxValue, int.MaxValue - 1).Count);
    }
}
