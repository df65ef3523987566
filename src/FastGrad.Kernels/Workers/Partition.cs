namespace FastGrad.Kernels.Workers;

/// <summary>
/// Fixed blocks of a length: block i covers [i·<see cref="Block"/>, min((i + 1)·<see cref="Block"/>, <see cref="Length"/>)).
/// </summary>
/// <remarks>
/// The blocks follow from the shape alone, never from the number of threads. A reduction that combines one result per block
/// in block order therefore has the same bits on any team.
/// </remarks>
public readonly record struct Partition
{
    /// <summary>Cuts <paramref name="length"/> elements into blocks of <paramref name="block"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or the block is not positive.</exception>
    public Partition(int length, int block)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(block);
        Length = length;
        Block = block;
    }

    /// <summary>Elements in all.</summary>
    public int Length { get; }

    /// <summary>Elements of every block but the last, which may be shorter.</summary>
    public int Block { get; }

    /// <summary>Number of blocks: ⌈Length / Block⌉.</summary>
    public int Count => Block == 0 ? 0 : (int)(((long)Length + Block - 1) / Block);

    /// <summary>First element of block <paramref name="index"/>.</summary>
    public int Start(int index) => index * Block;

    /// <summary>Number of elements of block <paramref name="index"/>.</summary>
    public int Size(int index) => Math.Min(Block, Length - Start(index));
}
