using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The memory that a broadcast scalar is read from: as long as the widest vector, all lanes equal.</summary>
/// <remarks>The scalar is copied before anything is written, so it may lie anywhere, even in the result.</remarks>
[InlineArray(Length)]
internal struct Repeated<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Length = 16;

    private T _first;

    /// <summary>Fills the block, which lies on the stack, and tells where it is.</summary>
    public unsafe T* Fill(T scalar)
    {
        MemoryMarshal.CreateSpan(ref _first, Length).Fill(scalar);
        return (T*)Unsafe.AsPointer(ref _first);
    }
}
