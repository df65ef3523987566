using System.Diagnostics.CodeAnalysis;

namespace FastGrad.Autograd;

/// <summary>Axes that were made before: equal shapes share one array, so that making a shape anew allocates nothing and comparing two is mostly one comparison.</summary>
/// <remarks>
/// A table of fixed size in which the latest of a slot stays: what falls out is made again. Reading and writing a slot is one access to
/// memory, so threads need no lock; axes are never changed.
/// </remarks>
internal static class KnownAxes
{
    private const int Slots = 1024, MaxRank = 8;

    private static readonly Entry?[] s_entries = new Entry?[Slots];

    /// <summary>The array and the number of elements of axes that were checked before.</summary>
    public static bool TryFind(ReadOnlySpan<int> axes, [NotNullWhen(true)] out int[]? known, out int length)
    {
        if (axes.Length <= MaxRank && s_entries[Slot(axes)] is { } entry && axes.SequenceEqual(entry.Axes))
        {
            (known, length) = (entry.Axes, entry.Length);
            return true;
        }
        (known, length) = (null, 0);
        return false;
    }

    /// <summary>Keeps axes for the next shape that has them.</summary>
    /// <returns>The axes.</returns>
    public static int[] Remember(int[] axes, int length)
    {
        if (axes.Length <= MaxRank)
            s_entries[Slot(axes)] = new(axes, length);
        return axes;
    }

    private static int Slot(ReadOnlySpan<int> axes)
    {
        uint hash = (uint)axes.Length;
        foreach (int axis in axes)
            hash = (hash ^ (uint)axis) * 0x9E3779B1; // 2^32 divided by the golden ratio: neighbours fall far apart
        return (int)(hash >> 22);
    }

    private sealed record Entry(int[] Axes, int Length);
}
