using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Kernels.Convolution;

/// <summary>The kernel positions of one correlation, and memory for its packed weights; all threads read it.</summary>
internal unsafe struct TapList<T>
    where T : unmanaged
{
    private readonly int* _positions;
    private int _count;

    /// <param name="most">Kernel positions at most.</param>
    /// <param name="weights">Elements of all packed weights.</param>
    public TapList(int most, nint weights)
    {
        // The computing threads' own areas are B and C.
        Weights = Scratch.A<T>(weights + ((nint)most * (sizeof(nint) + sizeof(int)) + 64) / sizeof(T) + 1);
        Offsets = (nint*)(Weights + (weights + 15) / 16 * 16);
        _positions = (int*)(Offsets + most);
        _count = 0;
    }

    public readonly T* Weights { get; }

    public readonly nint* Offsets { get; }

    public readonly ReadOnlySpan<int> Positions => new(_positions, _count);

    /// <summary>Adds a kernel position, with its place in the plane.</summary>
    public void Add(int position, nint offset)
    {
        _positions[_count] = position;
        Offsets[_count++] = offset;
    }
}
