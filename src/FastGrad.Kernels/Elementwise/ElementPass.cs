using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The one pass under every elementwise driver: element i of the result from elements i of the operands, whatever their number.</summary>
/// <remarks>Elements do not depend on each other, so neither widths, nor threads, nor the way of storing change a bit.</remarks>
internal static unsafe class ElementPass
{
    /// <summary>Elements of a part for one thread: some microseconds of the shortest operator from the second cache.</summary>
    private const int Part = 1 << 15;

    /// <summary>
    /// Bytes from which results go past the caches: no cache would hold them until they are read again. An ordinary store first reads its line from memory,
    /// a third of the traffic of a sum.
    /// </summary>
    private const long Streamed = 32 << 20;

    /// <summary>zᵢ = eᵢ, or zᵢ += eᵢ.</summary>
    /// <param name="elements">The operator with its operands.</param>
    /// <param name="z">The result.</param>
    /// <param name="length">Its elements.</param>
    /// <param name="accumulate">Whether to add to it.</param>
    /// <param name="isFresh">Whether the result is none of the operands' memory, so that its lines are not in a cache anyway.</param>
    /// <param name="workers">The team to share a long result; none means the calling thread.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TElements, T>(
        in TElements elements, T* z, int length, bool accumulate = false, bool isFresh = false, WorkerTeam? workers = null)
        where TElements : struct, IElements<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (accumulate)
            Run<TElements, Added, T>(elements, z, length, workers);
        else if (isFresh && (long)length * sizeof(T) >= Streamed)
            Run<TElements, Past, T>(elements, z, length, workers);
        else
            Run<TElements, Written, T>(elements, z, length, workers);
    }

    // Not inlined: a program compiles the ways of storing that it uses.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TElements, TStore, T>(in TElements elements, T* z, int length, WorkerTeam? workers)
        where TElements : struct, IElements<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (workers is not null && length >= 2 * Part && workers.Size > 1)
        {
            Share<TElements, TStore, T>(elements, z, length, workers);
            return;
        }
        var loop = new Loop<TElements, TStore, T>(in elements, z);
        Ladder.Descend<Loop<TElements, TStore, T>, T>(ref loop, ref *z, (nuint)length);
        TStore.End();
    }

    // Apart, for its frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Share<TElements, TStore, T>(in TElements elements, T* z, int length, WorkerTeam workers)
        where TElements : struct, IElements<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var job = new Job<TElements, TStore, T>(elements, z, new Partition(length, Part));
        workers.Run(job.Parts, ref job);
    }

    private readonly struct Job<TElements, TStore, T>(TElements elements, T* z, Partition parts) : IWorkerJob
        where TElements : struct, IElements<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int Parts => parts.Count;

        public void Execute(int part)
        {
            TElements local = elements;
            var loop = new Loop<TElements, TStore, T>(in local, z);
            nuint start = (nuint)parts.Start(part);
            Ladder.Descend<Loop<TElements, TStore, T>, T>(ref loop, ref *z, start + (nuint)parts.Size(part), start);
            TStore.End();
        }
    }

    // The elements stay where they are: a copy would read, as one piece, what was just written in several, and wait for it.
    private readonly ref struct Loop<TElements, TStore, T>(ref readonly TElements elements, T* z) : ILoop<T>
        where TElements : struct, IElements<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ref readonly TElements _elements = ref elements;
        private readonly T* _z = z;

        // Iterations are independent, so the processor overlaps them by itself: exp is as fast as with four copies. Short bodies gain
        // a quarter from four. Four copies of a large one exceed what the JIT inlines (exp: 50 times slower), hence two methods: a branch
        // that is never taken would still count.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            if (TElements.IsShort && i + 4 * (nuint)V.Count <= length)
                i = Four<V>(i, length);
            if (!TElements.HasUsual)
                return i + (nuint)V.Count <= length ? One<V>(i, length) : i;
            while (i + (nuint)V.Count <= length)
            {
                i = Usual<V>(i, length);
                if (i + (nuint)V.Count <= length)
                    i = Rare<V>(i, length);
            }
            return i;
        }

        // As long as the short form holds. The other is in a method of its own, and not called from here: with a call, index and
        // constants live in memory, and a logarithm took 16 cycles a vector instead of 10.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private nuint Usual<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TElements elements = _elements;
            ref T z = ref *_z;
            do
            {
                // The value comes before the way out, so that the JIT takes its constants out of the loop: what a loop may skip stays inside.
                bool holds = elements.IsUsual<V>(i);
                V value = elements.Usual<V>(i);
                if (!holds)
                    break;
                TStore.Put(value, ref z, i);
                i += (nuint)V.Count;
            }
            while (i + (nuint)V.Count <= length);
            return i;
        }

        // As long as it does not, at least one vector.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private nuint Rare<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TElements elements = _elements;
            ref T z = ref *_z;
            do
            {
                TStore.Put(elements.At<V>(i), ref z, i);
                i += (nuint)V.Count;
            }
            while (i + (nuint)V.Count <= length && !elements.IsUsual<V>(i));
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint One<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TElements elements = _elements;
            ref T z = ref *_z;
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
                TStore.Put(elements.At<V>(i), ref z, i);
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint Four<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TElements elements = _elements;
            ref T z = ref *_z;
            nuint width = (nuint)V.Count;
            for (; i + 4 * width <= length; i += 4 * width)
            {
                V z0 = elements.At<V>(i);
                V z1 = elements.At<V>(i + width);
                V z2 = elements.At<V>(i + 2 * width);
                V z3 = elements.At<V>(i + 3 * width);
                TStore.Put(z0, ref z, i);
                TStore.Put(z1, ref z, i + width);
                TStore.Put(z2, ref z, i + 2 * width);
                TStore.Put(z3, ref z, i + 3 * width);
            }
            return i;
        }
    }
}
