using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Workloads.Kernels;

/// <summary>Loops that do one thing as fast as the machine can, in the widest vectors it has.</summary>
internal static class MachineLimits
{
    private const int Chains = 12, Unrolled = 4; // chains: more than latency times throughput of a multiply-add

    /// <summary>Floating-point operations of a round: one multiply-add in each lane of each chain.</summary>
    public static double FlopsPerRound => 2.0 * Chains * (Isa.Has512 ? 16 : Isa.Has256 ? 8 : 4);

    /// <summary>Independent chains of multiply-adds in registers.</summary>
    public static float MultiplyAdd(int rounds) =>
        Isa.Has512 ? MultiplyAdd<Simd512<float>>(rounds) : Isa.Has256 ? MultiplyAdd<Simd256<float>>(rounds) : MultiplyAdd<Simd128<float>>(rounds);

    /// <summary>Reads and adds up.</summary>
    public static float Read(ReadOnlySpan<float> memory) =>
        Isa.Has512 ? Read<Simd512<float>>(memory) : Isa.Has256 ? Read<Simd256<float>>(memory) : Read<Simd128<float>>(memory);

    /// <summary>Copies, in plain stores.</summary>
    public static float Copy(ReadOnlySpan<float> from, Span<float> to) =>
        Isa.Has512 ? Copy<Simd512<float>>(from, to) : Isa.Has256 ? Copy<Simd256<float>>(from, to) : Copy<Simd128<float>>(from, to);

    /// <summary>Reads and writes the same place, as an optimizer does.</summary>
    public static float Update(Span<float> memory) =>
        Isa.Has512 ? Update<Simd512<float>>(memory) : Isa.Has256 ? Update<Simd256<float>>(memory) : Update<Simd128<float>>(memory);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd<V>(int rounds)
        where V : struct, ISimdVector<V, float>
    {
        V m = V.Create(0.999f), a = V.Create(1e-3f);
        V c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < rounds; i++)
        {
            c0 = V.FusedMultiplyAdd(c0, m, a);
            c1 = V.FusedMultiplyAdd(c1, m, a);
            c2 = V.FusedMultiplyAdd(c2, m, a);
            c3 = V.FusedMultiplyAdd(c3, m, a);
            c4 = V.FusedMultiplyAdd(c4, m, a);
            c5 = V.FusedMultiplyAdd(c5, m, a);
            c6 = V.FusedMultiplyAdd(c6, m, a);
            c7 = V.FusedMultiplyAdd(c7, m, a);
            c8 = V.FusedMultiplyAdd(c8, m, a);
            c9 = V.FusedMultiplyAdd(c9, m, a);
            c10 = V.FusedMultiplyAdd(c10, m, a);
            c11 = V.FusedMultiplyAdd(c11, m, a);
        }
        return First(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Read<V>(ReadOnlySpan<float> memory)
        where V : struct, ISimdVector<V, float>
    {
        ref readonly float start = ref MemoryMarshal.GetReference(memory);
        V s0 = V.Create(0), s1 = s0, s2 = s0, s3 = s0;
        nuint count = (nuint)V.Count;
        for (nuint i = 0; i + Unrolled * count <= (nuint)memory.Length; i += Unrolled * count)
        {
            s0 += V.Load(in start, i);
            s1 += V.Load(in start, i + count);
            s2 += V.Load(in start, i + 2 * count);
            s3 += V.Load(in start, i + 3 * count);
        }
        return First(s0 + s1 + s2 + s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Copy<V>(ReadOnlySpan<float> from, Span<float> to)
        where V : struct, ISimdVector<V, float>
    {
        ref readonly float source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(to);
        nuint count = (nuint)V.Count;
        for (nuint i = 0; i + Unrolled * count <= (nuint)to.Length; i += Unrolled * count)
        {
            V.Store(V.Load(in source, i), ref target, i);
            V.Store(V.Load(in source, i + count), ref target, i + count);
            V.Store(V.Load(in source, i + 2 * count), ref target, i + 2 * count);
            V.Store(V.Load(in source, i + 3 * count), ref target, i + 3 * count);
        }
        return target;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Update<V>(Span<float> memory)
        where V : struct, ISimdVector<V, float>
    {
        ref float start = ref MemoryMarshal.GetReference(memory);
        nuint count = (nuint)V.Count;
        for (nuint i = 0; i + Unrolled * count <= (nuint)memory.Length; i += Unrolled * count)
        {
            V.Store(-V.Load(in start, i), ref start, i);
            V.Store(-V.Load(in start, i + count), ref start, i + count);
            V.Store(-V.Load(in start, i + 2 * count), ref start, i + 2 * count);
            V.Store(-V.Load(in start, i + 3 * count), ref start, i + 3 * count);
        }
        return start;
    }

    private static float First<V>(V vector)
        where V : struct, ISimdVector<V, float>
    {
        Span<float> lanes = stackalloc float[V.Count];
        V.Store(vector, ref MemoryMarshal.GetReference(lanes), 0);
        return lanes[0];
    }
}
