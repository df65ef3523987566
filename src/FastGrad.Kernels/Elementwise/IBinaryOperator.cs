using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>z = f(x, y), element by element: a value and both partial derivatives, applied to a vector.</summary>
/// <remarks>
/// The Jacobian of an elementwise operator is diagonal, hence its own transpose: <see cref="Left{V}"/> and <see cref="Right{V}"/>
/// serve backward (d = dz) and forward (d = dx, d = dy) differentiation alike.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Which of <see cref="Residual.Input"/>, <see cref="Residual.Second"/> and <see cref="Residual.Output"/> the derivatives read.</summary>
    static abstract Residual Residual { get; }

    /// <summary>What <see cref="Left{V}"/> alone reads, of all that <see cref="Residual"/> names.</summary>
    static virtual Residual LeftReads => Residual.All;

    /// <summary>What <see cref="Right{V}"/> alone reads, of all that <see cref="Residual"/> names.</summary>
    static virtual Residual RightReads => Residual.All;

    /// <summary>Whether the body is a handful of instructions: drivers then take four vectors at a time. Four copies of a long one would be slow.</summary>
    static virtual bool IsShort => false;

    /// <summary>f(x, y).</summary>
    V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>;

    /// <summary>d·∂f/∂x, given x, y and z = f(x, y); what <see cref="Residual"/> does not name is undefined.</summary>
    V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>;

    /// <summary>d·∂f/∂y, given x, y and z = f(x, y); what <see cref="Residual"/> does not name is undefined.</summary>
    V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>;
}
