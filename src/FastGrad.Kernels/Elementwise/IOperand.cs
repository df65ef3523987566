using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>An operand in pinned memory, read a vector at a time.</summary>
internal unsafe interface IOperand<TSelf, T>
    where TSelf : struct, IOperand<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The operand at <paramref name="source"/>: full, or <paramref name="block"/> filled with its only element.</summary>
    static abstract TSelf Of(ReadOnlySpan<T> operand, int length, T* source, ref Repeated<T> block);

    /// <summary>Elements i, i + 1, ….</summary>
    V At<V>(nuint i)
        where V : struct, ISimdVector<V, T>;
}

/// <summary>An operand as long as the result.</summary>
internal readonly unsafe struct Full<T>(T* source) : IOperand<Full<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Full<T> Of(ReadOnlySpan<T> operand, int length, T* source, ref Repeated<T> block) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(nuint i)
        where V : struct, ISimdVector<V, T> => V.Load(in *source, i);
}

/// <summary>An operand as long as the result, or a scalar: read from a block of copies, at an offset that is always zero.</summary>
/// <remarks>One compiled loop so serves every mix of spans and scalars; where all operands are full, <see cref="Full{T}"/> has less to compute.</remarks>
internal readonly unsafe struct Stretched<T>(T* source, nuint mask) : IOperand<Stretched<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Stretched<T> Of(ReadOnlySpan<T> operand, int length, T* source, ref Repeated<T> block) =>
        operand.Length == length ? new(source, nuint.MaxValue) : new(block.Fill(*source), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(nuint i)
        where V : struct, ISimdVector<V, T> => V.Load(in *source, i & mask);
}
