using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>What a kernel along an axis does with neighbouring lines. All that is left of it: strips, widths and teams are <see cref="AxisStrips{TFormula,TStore,T}"/>.</summary>
internal interface IAxisFormula<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes or adds the result for the lines in the lanes.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second, where the kernel has one.</param>
    /// <param name="z">The third, where the kernel has one.</param>
    /// <param name="result">The result; it may be the memory of an operand.</param>
    static abstract void Apply<V, TStore>(AxisLines<V, T> x, AxisLines<V, T> y, AxisLines<V, T> z, AxisLines<V, T> result)
        where V : struct, ISimdVector<V, T>
        where TStore : struct, IStore;
}

/// <summary>Pinned memory of a kernel along an axis: all elements of [outer, length, inner], or one for each line, [outer, inner].</summary>
internal readonly unsafe struct AxisOperand<T>(T* first, bool isLine = false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The same from a strip on: its first element in [outer, length, inner], its first line in [outer, inner].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AxisOperand<T> From(nint element, nint line) => new(first + (isLine ? line : element), isLine);

    /// <summary>The lines from line i of a strip on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AxisLines<V, T> Lines<V>(nuint i, nuint inner, int length)
        where V : struct, ISimdVector<V, T> => new(first + i, inner, length);
}
