using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Lines that will be stored to are asked for while a tile computes.</summary>
internal static unsafe class CacheLines
{
    private const int Line = 64;

    /// <summary>Asks for the lines of a strip at p; does nothing where the machine cannot be asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask<TStrip, T>(T* p)
        where TStrip : struct
        where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(p);
        if (Unsafe.SizeOf<TStrip>() > Line)
            Sse.Prefetch0((byte*)p + Line);
        if (Unsafe.SizeOf<TStrip>() > 2 * Line)
            Sse.Prefetch0((byte*)p + 2 * Line);
    }
}
