using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.Reductions;

/// <summary>A binary counter that joins the results of blocks in a tree, aligned to the first block, with one row of memory a level.</summary>
/// <remarks>Bit l of the number of blocks done says that level l holds the result of 2^l of them, the earlier blocks on the higher levels.</remarks>
/// <param name="Done">The number of blocks before this one.</param>
/// <param name="IsLast">Whether this block is the last: it joins all that is left.</param>
internal readonly record struct Counter(nuint Done, bool IsLast)
{
    /// <summary>Whether there is a level to join with, at this bit or at a higher one: the trees that this block completes.</summary>
    /// <param name="bits">The bits of <see cref="Done"/> from the level on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Joins(nuint bits) => IsLast ? bits != 0 : (bits & 1) != 0;
}
