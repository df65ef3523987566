using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Kernels.Convolution;

/// <summary>Neighbouring outputs as runs: stretches that are contiguous in a plane.</summary>
internal unsafe struct Strips
{
    /// <summary>Elements that a copy may read and write beyond the last one: one widest vector.</summary>
    public const int Slack = 64 / sizeof(float);

    private readonly nint* _starts;
    private readonly int* _lengths;
    private int _count;

    /// <param name="starts">Memory for the runs' starts, one for each output at most.</param>
    /// <param name="lengths">The same for their lengths.</param>
    public Strips(nint* starts, int* lengths)
    {
        _starts = starts;
        _lengths = lengths;
    }

    /// <summary>Finds the runs of outputs [first, first + count), counted row by row.</summary>
    /// <param name="first">The first output.</param>
    /// <param name="count">How many.</param>
    /// <param name="columns">Outputs of a row.</param>
    /// <param name="row">Elements of the plane from one row of outputs to the next.</param>
    public void Find(int first, int count, int columns, nint row)
    {
        _count = 0;
        while (count > 0)
        {
            int r = first / columns, q = first % columns;
            int length = row == columns ? count : Math.Min(count, columns - q);
            _starts[_count] = r * row + q;
            _lengths[_count++] = length;
            first += length;
            count -= length;
        }
    }

    /// <summary>
    /// Copies the outputs' elements for each channel and tap: to[(c·taps + t)·step + i] = planes[c·channel + offsets[t] + start of i].
    /// Reads and writes up to <see cref="Slack"/> elements too far: what is written there is overwritten, or is slack. Where there are more outputs
    /// than a widest vector's lanes, the step is a multiple of them.
    /// </summary>
    public readonly void Gather<T>(T* planes, nint channel, int channels, nint* offsets, int taps, T* to, nint step)
        where T : unmanaged
    {
        int least = int.MaxValue;
        for (int run = 1; run < _count - 1; run++)
            least = Math.Min(least, _lengths[run]);
        if (Vector512.IsHardwareAccelerated && least >= Vector512<byte>.Count / sizeof(T))
            GatherVectors(planes, channel, channels, offsets, taps, to, step);
        else
            GatherRuns(planes, channel, channels, offsets, taps, to, step);
    }

    /// <summary>
    /// Where no vector of outputs touches more than two runs: each vector is loaded from both, and selected, so that stores are whole and aligned.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void GatherVectors<T>(T* planes, nint channel, int channels, nint* offsets, int taps, T* to, nint step)
        where T : unmanaged
    {
        int lanes = Vector512<byte>.Count / sizeof(T), total = 0;
        for (int run = 0; run < _count; run++)
            total += _lengths[run];
        for (int c = 0; c < channels; c++, planes += channel, to += taps * step)
        {
            for (int at = 0, run = 0, inRun = 0; at < total; at += lanes)
            {
                while (inRun >= _lengths[run])
                    inRun -= _lengths[run++];
                int here = Math.Min(lanes, _lengths[run] - inRun);
                T* first = planes + _starts[run] + inRun;
                T* second = here < lanes && run + 1 < _count ? planes + _starts[run + 1] - here : first;
                T* target = to + at;
                if (second == first)
                {
                    for (int t = 0; t < taps; t++, target += step)
                        Vector512.Load((byte*)(first + offsets[t])).Store((byte*)target);
                }
                else
                {
                    Vector512<byte> mask = Vector512.LessThan(Vector512<byte>.Indices, Vector512.Create((byte)(here * sizeof(T))));
                    for (int t = 0; t < taps; t++, target += step)
                        Vector512.ConditionalSelect(mask, Vector512.Load((byte*)(first + offsets[t])), Vector512.Load((byte*)(second + offsets[t]))).Store((byte*)target);
                }
                inRun += lanes;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void GatherRuns<T>(T* planes, nint channel, int channels, nint* offsets, int taps, T* to, nint step)
        where T : unmanaged
    {
        nint* starts = _starts;
        int* lengths = _lengths;
        int count = _count;
        for (int c = 0; c < channels; c++, planes += channel)
        {
            for (int t = 0; t < taps; t++, to += step)
            {
                T* from = planes + offsets[t], target = to;
                for (int run = 0; run < count; run++)
                {
                    CopyOver(from + starts[run], target, lengths[run]);
                    target += lengths[run];
                }
            }
        }
    }

    /// <summary>The same with the exact number of elements, for planes that have no slack.</summary>
    public readonly void GatherExactly<T>(T* planes, nint channel, int channels, nint* offsets, int taps, T* to, nint step)
        where T : unmanaged
    {
        for (int c = 0; c < channels; c++, planes += channel)
        {
            for (int t = 0; t < taps; t++, to += step)
            {
                T* from = planes + offsets[t], target = to;
                for (int run = 0; run < _count; run++)
                {
                    Plane.Move(from + _starts[run], target, _lengths[run]);
                    target += _lengths[run];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyOver<T>(T* from, T* to, int count)
        where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated)
        {
            for (int i = 0; i < count; i += Vector512<byte>.Count / sizeof(T))
                Vector512.Load((byte*)(from + i)).Store((byte*)(to + i));
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (int i = 0; i < count; i += Vector256<byte>.Count / sizeof(T))
                Vector256.Load((byte*)(from + i)).Store((byte*)(to + i));
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (int i = 0; i < count; i += Vector128<byte>.Count / sizeof(T))
                Vector128.Load((byte*)(from + i)).Store((byte*)(to + i));
        }
        else
        {
            for (int i = 0; i < count; i++)
                to[i] = from[i];
        }
    }
}
