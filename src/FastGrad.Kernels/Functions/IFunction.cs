using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>An elementary function: an operator whose body reads the bits of the format, so that it needs machine vectors.</summary>
/// <remarks>
/// Its <see cref="IUnaryOperator{T}.Value{V}"/> is always <c>V.Apply(this, x)</c>: vectors evaluate it, duals and recorded values
/// take its derivative. So <see cref="IUnaryOperator{T}.Derivative{V}"/> must be written by hand, in terms of other functions.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IFunction<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f(x) on machine vectors: the same bits at every width.</summary>
    V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>;
}
