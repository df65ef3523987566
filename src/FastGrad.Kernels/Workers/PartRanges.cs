using System.Runtime.InteropServices;

namespace FastGrad.Kernels.Workers;

/// <summary>The parts of a run, in one range for each thread that takes part: a thread takes its own first, then the others'.</summary>
/// <remarks>
/// The same thread gets the same parts in run after run, so that what it wrote last time may still be in its cache. Stealing makes
/// up for threads that are late, asleep or descheduled. Owners take from the front, thieves from the back: they meet at the last part.
/// </remarks>
internal readonly struct PartRanges(int threads)
{
    private readonly Range[] _ranges = new Range[threads];

    /// <summary>The first part not taken in the low half, the end in the high half; a cache line pair each.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Range
    {
        [FieldOffset(64)] public long Bounds;
    }

    /// <summary>Deals out parts 0 … <paramref name="parts"/> − 1. No thread may be taking any.</summary>
    public void Deal(int parts)
    {
        int start = 0;
        for (int i = 0; i < _ranges.Length; i++)
        {
            int end = (int)(((long)parts * (i + 1) + _ranges.Length - 1) / _ranges.Length);
            _ranges[i].Bounds = Pack(start, end);
            start = end;
        }
    }

    /// <summary>Takes a part for thread <paramref name="thread"/>; −1 when none is left.</summary>
    public int Take(int thread)
    {
        ref long own = ref _ranges[thread].Bounds;
        long seen = Volatile.Read(ref own);
        while (Next(seen) < End(seen))
        {
            long found = Interlocked.CompareExchange(ref own, seen + 1, seen);
            if (found == seen)
                return Next(seen);
            seen = found;
        }
        return Steal(thread);
    }

    /// <summary>Drops the parts that nobody has taken.</summary>
    public void Clear()
    {
        for (int i = 0; i < _ranges.Length; i++)
            Interlocked.Exchange(ref _ranges[i].Bounds, 0);
    }

    private int Steal(int thread)
    {
        for (int i = 1; i < _ranges.Length; i++)
        {
            ref long other = ref _ranges[(thread + i) % _ranges.Length].Bounds;
            long seen = Volatile.Read(ref other);
            while (Next(seen) < End(seen))
            {
                long found = Interlocked.CompareExchange(ref other, Pack(Next(seen), End(seen) - 1), seen);
                if (found == seen)
                    return End(seen) - 1;
                seen = found;
            }
        }
        return -1;
    }

    private static int Next(long bounds) => (int)bounds;

    private static int End(long bounds) => (int)(bounds >> 32);

    private static long Pack(int next, int end) => (long)end << 32 | (uint)next;
}
