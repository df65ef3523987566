using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>The elements of a result, of which <see cref="ElementPass"/> asks for a vector at a time: an operator with its operands.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IElements<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether an element is a handful of instructions: the pass then takes four vectors at a time.</summary>
    static abstract bool IsShort { get; }

    /// <summary>Elements i, i + 1, … of the result.</summary>
    V At<V>(nuint i)
        where V : struct, ISimdVector<V, T>;
}
