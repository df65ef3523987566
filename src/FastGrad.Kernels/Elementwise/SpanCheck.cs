using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The checks that every span driver makes once, before its loop.</summary>
internal static class SpanCheck
{
    public static void SameLength<T>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        [CallerArgumentExpression(nameof(a))] string aName = "",
        [CallerArgumentExpression(nameof(b))] string bName = "")
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"{aName} has {a.Length} elements and {bName} has {b.Length}; expected the same number.", aName);
    }

    /// <summary>The source is the destination's memory, or none of it.</summary>
    public static void SameOrDisjoint<T>(
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> destination,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(destination))] string destinationName = "")
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
            throw new ArgumentException(
                $"{sourceName} overlaps {destinationName} at an offset of {offset} elements; expected the same memory, or none in common.",
                sourceName);
    }

    /// <summary>The source has the destination's length and is its memory or none of it, or it is a scalar anywhere.</summary>
    public static void Operand<T>(
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> destination,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(destination))] string destinationName = "")
    {
        if (source.Length == destination.Length)
            SameOrDisjoint(source, destination, sourceName, destinationName);
        else if (source.Length != 1)
            throw new ArgumentException(
                $"{sourceName} has {source.Length} elements and {destinationName} has {destination.Length}; expected the same number, or 1.",
                sourceName);
    }

    /// <summary>The source shares no memory with the destination.</summary>
    public static void Disjoint<T>(
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> destination,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(destination))] string destinationName = "")
    {
        if (source.Overlaps(destination))
            throw new ArgumentException($"{sourceName} overlaps {destinationName}; expected no memory in common.", sourceName);
    }
}
