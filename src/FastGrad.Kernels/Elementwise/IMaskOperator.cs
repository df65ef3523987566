using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>A binary operator that gives a mask: all bits set where a relation holds, none where it does not.</summary>
/// <remarks>A mask is piecewise constant, so both derivatives are 0.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IMaskOperator<T> : IBinaryOperator<T>, INonDifferentiable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static Residual IBinaryOperator<T>.Residual => Residual.None;

    static bool IBinaryOperator<T>.IsShort => true;

    V IBinaryOperator<T>.Left<V>(V x, V y, V z, V d) => V.Create(T.Zero);

    V IBinaryOperator<T>.Right<V>(V x, V y, V z, V d) => V.Create(T.Zero);
}
