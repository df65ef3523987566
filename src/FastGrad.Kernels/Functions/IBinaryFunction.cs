using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>An elementary function of two numbers whose body reads the bits of the format: the kin of <see cref="IFunction{T}"/>.</summary>
/// <remarks>Its <see cref="IBinaryOperator{T}.Value{V}"/> is always <c>V.Apply(this, x, y)</c>; its partial derivatives are written by hand.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IBinaryFunction<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f(x, y) on machine vectors: the same bits at every width.</summary>
    V Evaluate<V>(V x, V y)
        where V : struct, ISimdVector<V, T>;
}
