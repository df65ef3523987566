using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>Sums over one channel of [outer, channels, inner].</summary>
/// <remarks>
/// Each run of inner elements is summed in the order of flat spans, then the runs' sums in the same order: a function of the shape alone.
/// </remarks>
internal static unsafe class ChannelSums
{
    // Runs whose sums lie on the stack.
    private const int StackRuns = 128;

    /// <summary>⊕ t(x) over a channel whose first element is x.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Of<TReduction, T>(TReduction reduction, T* x, ChannelShape shape)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint stride = (nuint)shape.Channels * (nuint)shape.Inner, inner = (nuint)shape.Inner;
        T[]? rented = shape.Outer > StackRuns ? ArrayPool<T>.Shared.Rent(shape.Outer) : null;
        Span<T> sums = rented ?? stackalloc T[StackRuns];
        for (int o = 0; o < shape.Outer; o++)
        {
            ref T run = ref x[(nuint)o * stride];
            sums[o] = FlatReduction.Of(reduction, ref run, ref run, inner);
        }
        T sum = Sum.Of<T>(sums[..shape.Outer]);
        if (rented is not null)
            ArrayPool<T>.Shared.Return(rented);
        return sum;
    }

    /// <summary>Σ dy and Σ dy·(x − mean) over a channel whose first elements are given.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Twin<T> Gradients<T>(T* x, T* dy, T mean, ChannelShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint stride = (nuint)shape.Channels * (nuint)shape.Inner, inner = (nuint)shape.Inner;
        T[]? rented = shape.Outer > StackRuns ? ArrayPool<T>.Shared.Rent(2 * shape.Outer) : null;
        Span<T> sums = rented ?? stackalloc T[2 * StackRuns];
        for (int o = 0; o < shape.Outer; o++)
        {
            nuint at = (nuint)o * stride;
            Twin<T> run = TwinSum.Of<GroupNorm.Deviations<T>, T>(new(x + at, dy + at, mean), inner);
            (sums[o], sums[shape.Outer + o]) = (run.First, run.Second);
        }
        Twin<T> result = new(Sum.Of<T>(sums[..shape.Outer]), Sum.Of<T>(sums.Slice(shape.Outer, shape.Outer)));
        if (rented is not null)
            ArrayPool<T>.Shared.Return(rented);
        return result;
    }
}
