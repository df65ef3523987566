using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>A driver's loop over elements, written once for every width.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface ILoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Handles whole vectors of type V from element i on, and returns the first element that is left.</summary>
    nuint Run<V>(nuint i, nuint length)
        where V : struct, ISimdVector<V, T>;
}

/// <summary>The way every tail is handled: the rest that is too short for one width goes to the next narrower one.</summary>
/// <remarks>Every width gives the same bits, so a tail cannot be told from a body. No element beyond the spans is touched.</remarks>
internal static class Ladder
{
    /// <summary>Bytes from which an aligned destination pays for its extra calls.</summary>
    private const nuint AlignedFrom = 4096;

    /// <summary>Runs the loop over elements i…length − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Descend<TLoop, T>(scoped ref TLoop loop, nuint length, nuint i = 0)
        where TLoop : struct, ILoop<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A width is entered only when at least one vector of it is left: what a program never needs is never compiled.
        if (Isa.Has512 && i + (nuint)Simd512<T>.Count <= length) i = loop.Run<Simd512<T>>(i, length);
        if (Isa.Has256 && i + (nuint)Simd256<T>.Count <= length) i = loop.Run<Simd256<T>>(i, length);
        if (Isa.Has128 && i + (nuint)Simd128<T>.Count <= length) i = loop.Run<Simd128<T>>(i, length);
        if (i < length) loop.Run<Lane<T>>(i, length);
    }

    /// <summary>Runs the loop over elements start…length − 1; where there are many, the body begins on a cache line of the destination.</summary>
    /// <remarks>Arrays begin 16 bytes after a multiple of 32 or 64, so that otherwise every wide store would touch two lines.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Descend<TLoop, T>(scoped ref TLoop loop, ref T destination, nuint length, nuint start = 0)
        where TLoop : struct, ILoop<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint body = start;
        if ((length - start) * (nuint)Unsafe.SizeOf<T>() >= AlignedFrom)
        {
            body += Head(ref Unsafe.Add(ref destination, start));
            if (body > start)
                Descend<TLoop, T>(ref loop, body, start);
        }
        Descend<TLoop, T>(ref loop, length, body);
    }

    /// <summary>Elements before the next cache line. The collector may move the array meanwhile: that costs time, nothing else.</summary>
    private static unsafe nuint Head<T>(ref T destination)
        where T : unmanaged => (0 - (nuint)Unsafe.AsPointer(ref destination)) % 64 / (nuint)sizeof(T);
}
