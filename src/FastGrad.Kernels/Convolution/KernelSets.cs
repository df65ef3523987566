using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Convolution;

/// <summary>Work that is written once for all sets of tiles.</summary>
internal interface ITiledWork<T>
    where T : unmanaged
{
    void Run<TKernels>()
        where TKernels : struct, IKernelSet<T>;
}

/// <summary>The tiles of the widest instruction set that the machine has.</summary>
internal static class KernelSets
{
    public static void Run<TWork, T>(ref TWork work)
        where TWork : struct, ITiledWork<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Isa.Has512)
            work.Run<KernelSet512<T>>();
        else if (Isa.Has256)
            work.Run<KernelSet256<T>>();
        else if (Isa.Has128 && AdvSimd.IsSupported)
            work.Run<KernelSet128<T>>();
        else if (Isa.Has128)
            work.Run<KernelSetEmulated<T>>();
        else
            work.Run<KernelSet1<T>>();
    }
}
