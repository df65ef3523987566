using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.Reductions;

/// <summary>Stack memory for one logical row of partial results.</summary>
[InlineArray(Reduce.RowLength)]
internal struct Row<T>
    where T : unmanaged
{
    private T _first;

    /// <summary>The first element.</summary>
    [UnscopedRef]
    public ref T First => ref _first;
}

/// <summary>Stack memory for the partial results of a binary tree: one row for each of its possible levels.</summary>
/// <remarks>A span has fewer than 2³¹ elements, so fewer than 2³¹/32 blocks: 26 levels.</remarks>
[InlineArray(26)]
internal struct Levels<T>
    where T : unmanaged
{
    private Row<T> _first;

    /// <summary>The row of a level.</summary>
    [UnscopedRef]
    public ref T At(nuint level) => ref Unsafe.Add(ref _first.First, level * Reduce.RowLength);
}
