using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The checks that every span driver makes once, before its loop. Comparisons are inlined; what makes the message is not.</summary>
internal static class SpanCheck
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SameLength<T>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        [CallerArgumentExpression(nameof(a))] string aName = "",
        [CallerArgumentExpression(nameof(b))] string bName = "")
    {
        if (a.Length != b.Length)
            ThrowLength(a.Length, b.Length, aName, bName, "expected the same number");
    }

    /// <summary>The source is the destination's memory, or none of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SameOrDisjoint<T>(
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> destination,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(destination))] string destinationName = "")
    {
        if (!Unsafe.AreSame(in MemoryMarshal.GetReference(source), in MemoryMarshal.GetReference(destination)) && Overlap(source, destination))
            ThrowOverlap(sourceName, destinationName, "expected the same memory, or none in common");
    }

    /// <summary>The source has the destination's length and is its memory or none of it, or it is a scalar anywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Operand<T>(
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> destination,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(destination))] string destinationName = "")
    {
        if (source.Length == destination.Length)
            SameOrDisjoint(source, destination, sourceName, destinationName);
        else if (source.Length != 1)
            ThrowLength(source.Length, destination.Length, sourceName, destinationName, "expected the same number, or 1");
    }

    /// <summary>The source shares no memory with the destination.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Disjoint<T>(
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> destination,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(destination))] string destinationName = "")
    {
        if (Overlap(source, destination))
            ThrowOverlap(sourceName, destinationName, "expected no memory in common");
    }

    /// <summary>Whether two spans share memory: <c>Overlaps</c>, which is a call. Of both distances, modulo 2⁶⁴, one is short then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Overlap<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        nuint distance = (nuint)Unsafe.ByteOffset(in MemoryMarshal.GetReference(a), in MemoryMarshal.GetReference(b));
        nuint aBytes = (nuint)(uint)a.Length * (nuint)Unsafe.SizeOf<T>(), bBytes = (nuint)(uint)b.Length * (nuint)Unsafe.SizeOf<T>();
        return aBytes > 0 && bBytes > 0 && (distance < aBytes || 0 - distance < bBytes);
    }

    [DoesNotReturn]
    private static void ThrowLength(int a, int b, string aName, string bName, string expected) =>
        throw new ArgumentException($"{aName} has {a} elements and {bName} has {b}; {expected}.", aName);

    [DoesNotReturn]
    private static void ThrowOverlap(string source, string destination, string expected) =>
        throw new ArgumentException($"{source} overlaps {destination}; {expected}.", source);
}
