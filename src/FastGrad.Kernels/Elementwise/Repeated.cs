using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The memory that a broadcast scalar is read from: as long as the widest vector, all lanes equal.</summary>
/// <remarks>
/// A loop reads each operand at an offset that advances by a step: by a vector's width, or by zero for a scalar. So one compiled loop
/// serves every mix of spans and scalars at full speed, and a scalar is copied before anything is written, wherever it lies.
/// </remarks>
[InlineArray(Length)]
internal struct Repeated<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Length = 16;

    private T _first;

    /// <summary>The operand's memory, and its step: 1, or 0 for a scalar that is read from <paramref name="block"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Source(ReadOnlySpan<T> operand, int length, ref Repeated<T> block, out nuint step)
    {
        if (operand.Length == length)
        {
            step = 1;
            return ref MemoryMarshal.GetReference(operand);
        }
        step = 0;
        return ref Fill(operand[0], ref block);
    }

    private static ref T Fill(T scalar, ref Repeated<T> block)
    {
        MemoryMarshal.CreateSpan(ref block._first, Length).Fill(scalar);
        return ref block._first;
    }
}
