using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Memory of the current thread that grows as needed and is used again: three areas for packing, and those that other kernels keep.</summary>
internal static unsafe class Scratch
{
    /// <summary>Panels start on a cache line, so that no vector of a panel crosses two.</summary>
    private const int Alignment = 64;

    [ThreadStatic] private static byte[]? t_a;
    [ThreadStatic] private static byte[]? t_b;
    [ThreadStatic] private static byte[]? t_c;

    public static T* A<T>(nint count) where T : unmanaged => Area<T>(ref t_a, count);

    public static T* B<T>(nint count) where T : unmanaged => Area<T>(ref t_b, count);

    public static T* C<T>(nint count) where T : unmanaged => Area<T>(ref t_c, count);

    /// <summary>At least <paramref name="count"/> elements of an area that is a thread-static field, from a cache line's start.</summary>
    public static T* Area<T>(ref byte[]? area, nint count)
        where T : unmanaged
    {
        nint bytes = count * sizeof(T) + Alignment;
        if (area is null || area.Length < bytes)
            area = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(bytes, 4096)), pinned: true);
        // Pinned: the address holds as long as the thread keeps the array, and the array goes with the thread.
        nint address = (nint)Unsafe.AsPointer(ref area[0]);
        return (T*)((address + Alignment - 1) & ~(nint)(Alignment - 1));
    }
}
