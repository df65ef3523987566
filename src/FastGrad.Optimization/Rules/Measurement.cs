using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>The loop of measures, in one fixed order of summation.</summary>
/// <remarks>
/// Element i of a block goes to lane i mod L (256 bytes of lanes: 64 in float32, 32 in float64), whatever the machine's
/// width. After each block of 4096 elements the lanes are added to the result in binary64, lane by lane. So every width gives
/// the same bits, and an error in float32 grows with 4096/L, not with the length.
/// </remarks>
public static class Measurement
{
    /// <summary>The most sums a measure may make.</summary>
    public const int MaxSums = 4;

    private const int Block = 4096;
    private const int LaneBytes = 256;

    /// <summary>The sums of a measure that reads no slots.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="gradient">What it gets as gradient.</param>
    /// <param name="parameter">What it gets as parameter; of the same length.</param>
    /// <param name="sums">The results, one for each sum.</param>
    /// <exception cref="ArgumentException">The lengths differ, the measure reads slots, or <paramref name="sums"/> is too short.</exception>
    public static void Run<TMeasure, T>(TMeasure measure, ReadOnlySpan<T> gradient, ReadOnlySpan<T> parameter, Span<double> sums)
        where TMeasure : struct, IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TMeasure.SlotCount > 0)
            throw new ArgumentException($"The measure reads {TMeasure.SlotCount} slots; run it through the step's context.", nameof(measure));
        T none = default;
        Run(measure, gradient, parameter, ref none, 0, sums);
    }

    internal static int Lanes<T>()
        where T : unmanaged => LaneBytes / Unsafe.SizeOf<T>();

    internal static void Run<TMeasure, T>(
        TMeasure measure, ReadOnlySpan<T> gradient, ReadOnlySpan<T> parameter, ref T slots, nuint distance, Span<double> sums)
        where TMeasure : struct, IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (gradient.Length != parameter.Length)
            throw new ArgumentException($"gradient has {gradient.Length} elements and parameter has {parameter.Length}; expected the same number.", nameof(gradient));
        if (TMeasure.SumCount > MaxSums || sums.Length < TMeasure.SumCount)
            throw new ArgumentException($"The measure makes {TMeasure.SumCount} sums; expected at most {MaxSums} and no more than the {sums.Length} results.", nameof(sums));
        sums[..TMeasure.SumCount].Clear();
        Span<T> lanes = stackalloc T[TMeasure.SumCount * Lanes<T>()];
        ref T g = ref MemoryMarshal.GetReference(gradient);
        ref T p = ref MemoryMarshal.GetReference(parameter);
        for (int start = 0; start < gradient.Length; start += Block)
        {
            lanes.Clear();
            ref T l = ref MemoryMarshal.GetReference(lanes);
            nuint i = (nuint)start, end = (nuint)Math.Min(start + Block, gradient.Length);
            if (Isa.Has512) i = Loop<TMeasure, Simd512<T>, T>(measure, ref p, ref g, ref slots, distance, ref l, i, end);
            if (Isa.Has256) i = Loop<TMeasure, Simd256<T>, T>(measure, ref p, ref g, ref slots, distance, ref l, i, end);
            if (Isa.Has128) i = Loop<TMeasure, Simd128<T>, T>(measure, ref p, ref g, ref slots, distance, ref l, i, end);
            Loop<TMeasure, Lane<T>, T>(measure, ref p, ref g, ref slots, distance, ref l, i, end);
            for (int k = 0; k < TMeasure.SumCount; k++)
            {
                foreach (T lane in lanes.Slice(k * Lanes<T>(), Lanes<T>()))
                    sums[k] += double.CreateTruncating(lane);
            }
        }
    }

    // Not inlined: inside a caller the rule no longer fits the JIT's inlining budget, and what falls out is called once a vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static nuint Loop<TMeasure, V, T>(
        TMeasure measure, ref T parameter, ref T gradient, ref T slots, nuint distance, ref T lanes, nuint i, nuint end)
        where TMeasure : struct, IMeasure<T>
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TMeasure local = measure;
        nuint width = (nuint)V.Count, mask = (nuint)(Lanes<T>() - 1);
        for (; i + width <= end; i += width)
            local.Measure(
                V.Load(in gradient, i),
                V.Load(in parameter, i),
                new SlotCursor<V, T>(ref Unsafe.Add(ref slots, i), distance),
                new SumCursor<V, T>(ref Unsafe.Add(ref lanes, i & mask)));
        return i;
    }
}
