using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Copies blocks of A and B into the order in which a tile reads them.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Strips of <paramref name="width"/> lines, each stored step by step: to[s·width·k + i·width + r] is element
    /// (line s·width + r, step i). Nothing is written beyond the last line of a shorter last strip, and nothing is read there.
    /// </summary>
    /// <remarks>Lines are rows of A or columns of B; steps run along k. One of the two strides is 1.</remarks>
    public static void Pack<T>(T* from, nint line, nint step, int lines, int k, int width, T* to)
        where T : unmanaged
    {
        for (int first = 0; first < lines; first += width, from += width * line, to += (nint)width * k)
        {
            int count = Math.Min(width, lines - first);
            if (line == 1)
                CopyRows(from, step, count, k, width, to);
            else
                Transposition.Copy(from, line, count, k, to, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows<T>(T* from, nint step, int count, int k, int width, T* to)
        where T : unmanaged
    {
        // 32 bytes at a time, the last ones overlapping; a call to the block copy costs more than a short row.
        int bytes = count * sizeof(T), last = bytes - Vector256<byte>.Count;
        for (int i = 0; i < k; i++, from += step, to += width)
        {
            if (!Vector256.IsHardwareAccelerated || last < 0)
            {
                Unsafe.CopyBlockUnaligned(to, from, (uint)bytes);
                continue;
            }
            byte* source = (byte*)from, target = (byte*)to;
            for (int at = 0; at < last; at += Vector256<byte>.Count)
                Vector256.Load(source + at).Store(target + at);
            Vector256.Load(source + last).Store(target + last);
        }
    }
}
