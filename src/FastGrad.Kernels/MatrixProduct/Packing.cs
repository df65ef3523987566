using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Copies blocks of A and B into the order in which a tile reads them.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Strips of <paramref name="width"/> lines, each stored step by step: destination[s·width·k + i·width + r] is element
    /// (line s·width + r, step i). Lines beyond <paramref name="lines"/> are zero; their results are thrown away.
    /// </summary>
    /// <remarks>Lines are rows of A or columns of B; steps run along k and are never padded.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<T>(T* source, nint line, nint step, int lines, int k, int width, T* destination)
        where T : unmanaged
    {
        for (int first = 0; first < lines; first += width)
        {
            int count = Math.Min(width, lines - first);
            T* from = source + first * line;
            if (line == 1)
            {
                for (int i = 0; i < k; i++, from += step, destination += width)
                    CopyRow(from, count, width, destination);
            }
            else
            {
                for (int r = 0; r < count; r++)
                {
                    T* to = destination + r;
                    T* at = from + r * line;
                    for (int i = 0; i < k; i++, at += step, to += width)
                        *to = *at;
                }
                for (int r = count; r < width; r++)
                {
                    T* to = destination + r;
                    for (int i = 0; i < k; i++, to += width)
                        *to = default;
                }
                destination += (nint)width * k;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow<T>(T* from, int count, int width, T* to)
        where T : unmanaged
    {
        new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(to, width));
        if (count < width)
            new Span<T>(to + count, width - count).Clear();
    }
}
