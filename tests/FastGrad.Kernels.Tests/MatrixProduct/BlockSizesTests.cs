using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using Xunit;

namespace FastGrad.Kernels.Tests.MatrixProduct;

public class BlockSizesTests
{
    /// <summary>Packed panels are sized by whole tiles, and every block fits the cache that it is meant for.</summary>
    [Fact]
    public void Blocks_are_whole_tiles_and_fit_their_caches()
    {
        Check<KernelSet512<float>, float>();
        Check<KernelSet512<double>, double>();
        Check<KernelSet256<float>, float>();
        Check<KernelSet256<double>, double>();
        Check<KernelSet128<float>, float>();
        Check<KernelSet128<double>, double>();
        Check<KernelSetEmulated<float>, float>();
        Check<KernelSetEmulated<double>, double>();
        Check<KernelSet1<float>, float>();
        Check<KernelSet1<double>, double>();
    }

    private static unsafe void Check<TKernels, T>()
        where TKernels : struct, IKernelSet<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BlockSizes blocks = TKernels.Blocks;
        Assert.Equal(0, blocks.M % TKernels.Rows);
        Assert.Equal(0, blocks.N % (TKernels.Lanes * TKernels.Vectors));
        Assert.InRange(blocks.K * TKernels.Rows * sizeof(T), 1, 16 << 10);      // half of an L1 of 32 KiB
        Assert.InRange(blocks.K * blocks.M * sizeof(T), 1, 512 << 10);          // half of an L2 of 1 MiB
        Assert.InRange(blocks.K * blocks.N * sizeof(T), 1, 8 << 20);            // half of an L3 share of 16 MiB
    }
}
