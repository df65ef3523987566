using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastGrad.Workloads.Measuring;

/// <summary>Floats at an address divisible by 64, as tensors of the library and of its peers have them, for every contender alike.</summary>
/// <remarks>The elements of a plain array begin 16 bytes into it: with 64-byte vectors every load would straddle two cache lines.</remarks>
public sealed unsafe class Floats
{
    private const int Alignment = 64;

    private readonly float[] _array;

    /// <summary>n zeros.</summary>
    public Floats(int n)
    {
        _array = GC.AllocateArray<float>(n + Alignment / sizeof(float), pinned: true);
        nint first = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        Pointer = (float*)((first + Alignment - 1) & -Alignment);
        Length = n;
    }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The first element, for native peers; it stays as long as this object is referenced.</summary>
    public float* Pointer { get; }

    /// <summary>The elements.</summary>
    public Span<float> Span => new(Pointer, Length);

    /// <summary>A copy.</summary>
    public static implicit operator Floats(float[] values)
    {
        var floats = new Floats(values.Length);
        values.CopyTo(floats.Span);
        return floats;
    }

    /// <summary>The elements.</summary>
    public static implicit operator Span<float>(Floats floats) => floats.Span;

    /// <summary>The elements, to read.</summary>
    public static implicit operator ReadOnlySpan<float>(Floats floats) => floats.Span;
}
