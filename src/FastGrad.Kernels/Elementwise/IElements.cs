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

    /// <summary>Whether some elements come by fewer instructions, from <see cref="Usual{V}"/>.</summary>
    static virtual bool HasUsual => false;

    /// <summary>Whether <see cref="Usual{V}"/> holds for elements i, i + 1, ….</summary>
    bool IsUsual<V>(nuint i)
        where V : struct, ISimdVector<V, T> => false;

    /// <summary>Elements i, i + 1, … by fewer instructions: the bits of <see cref="At{V}"/>.</summary>
    V Usual<V>(nuint i)
        where V : struct, ISimdVector<V, T> => At<V>(i);
}
