using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastGrad.Modules;

/// <summary>Memory for parameters and batches: on a cache line's start where it is large enough to matter.</summary>
internal static class AlignedMemory
{
    private const int Line = 64;

    // From here on an array lies in the large-object heap, where pinning costs nothing.
    private const int LargeBytes = 85_000;

    /// <summary>Zeroed memory.</summary>
    public static unsafe Memory<T> Allocate<T>(int length)
        where T : unmanaged
    {
        if ((long)length * sizeof(T) < LargeBytes)
            return new T[length];
        T[] array = GC.AllocateArray<T>(checked(length + Line / sizeof(T)), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return array.AsMemory((int)((Line - address % Line) % Line) / sizeof(T), length);
    }
}
