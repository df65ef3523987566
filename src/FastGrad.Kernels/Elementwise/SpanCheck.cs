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
}
