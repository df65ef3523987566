using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Optimization.Rules;

/// <summary>The loop of elementwise rules: widths, tails, threads. Every element is computed alone, so no partition changes a bit.</summary>
internal static unsafe class RuleDriver
{
    /// <summary>Elements of one part of a threaded run: 64 KiB a stream in float32, small enough to share out, large enough to pay a hand-over.</summary>
    public const int Block = 16384;

    public static void Apply<TRule, T>(in TRule rule, Span<T> parameter, ReadOnlySpan<T> gradient, ref T slots, nuint distance, WorkerTeam? workers)
        where TRule : struct, IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T value = ref MemoryMarshal.GetReference(parameter);
        ref T slope = ref MemoryMarshal.GetReference(gradient);
        if (workers is null or { Size: 1 } || parameter.Length < 2 * Block)
        {
            Run(in rule, ref value, ref slope, ref slots, distance, 0, (nuint)parameter.Length);
            return;
        }
        fixed (T* p = &value, g = &slope, s = &slots)
        {
            Job<TRule, T> job = new(rule, p, g, s, distance, new Partition(parameter.Length, Block));
            workers.Run(job.Parts, ref job);
        }
    }

    /// <summary>The elements of a segment from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public static void ApplyPart<TRule, T>(in TRule rule, in Segment<T> segment, int start, int end)
        where TRule : struct, IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> value = segment.Parameter.Value;
        if (!segment.Parameter.TryGetGradient(out Span<T> gradient) || gradient.Length != segment.Count || value.Length != segment.Count)
            throw new InvalidOperationException($"The memory of '{segment.Parameter.Info}' changed during the step.");
        Run(
            in rule, ref MemoryMarshal.GetReference(value), ref MemoryMarshal.GetReference(gradient),
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(segment.State), segment.Offset), (nuint)segment.Distance, (nuint)start, (nuint)end);
    }

    private static void Run<TRule, T>(in TRule rule, ref T parameter, ref T gradient, ref T slots, nuint distance, nuint start, nuint end)
        where TRule : struct, IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A loop spreads the rule's constants over vectors before its first element: that is left out where it has none.
        nuint i = start;
        if (Isa.Has512 && end - i >= (nuint)Simd512<T>.Count) i = Loop<TRule, Simd512<T>, T>(in rule, ref parameter, ref gradient, ref slots, distance, i, end);
        if (Isa.Has256 && end - i >= (nuint)Simd256<T>.Count) i = Loop<TRule, Simd256<T>, T>(in rule, ref parameter, ref gradient, ref slots, distance, i, end);
        if (Isa.Has128 && end - i >= (nuint)Simd128<T>.Count) i = Loop<TRule, Simd128<T>, T>(in rule, ref parameter, ref gradient, ref slots, distance, i, end);
        if (i < end) Loop<TRule, Lane<T>, T>(in rule, ref parameter, ref gradient, ref slots, distance, i, end);
    }

    // Not inlined: inside a caller the rule no longer fits the JIT's inlining budget, and what falls out is called once a vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static nuint Loop<TRule, V, T>(in TRule rule, ref T parameter, ref T gradient, ref T slots, nuint distance, nuint i, nuint end)
        where TRule : struct, IUpdateRule<T>
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRule local = rule; // a local whose address is never taken: its fields live in registers
        nuint width = (nuint)V.Count;
        for (; i + width <= end; i += width)
        {
            V updated = local.Update(V.Load(in gradient, i), V.Load(in parameter, i), new SlotCursor<V, T>(ref Unsafe.Add(ref slots, i), distance));
            V.Store(updated, ref parameter, i);
        }
        return i;
    }

    private readonly struct Job<TRule, T>(TRule rule, T* parameter, T* gradient, T* slots, nuint distance, Partition partition) : IWorkerJob
        where TRule : struct, IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TRule _rule = rule;

        public int Parts => partition.Count;

        public void Execute(int part)
        {
            nuint start = (nuint)partition.Start(part);
            Run(in _rule, ref *parameter, ref *gradient, ref *slots, distance, start, start + (nuint)partition.Size(part));
        }
    }
}
