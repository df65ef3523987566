using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>w = f(x, y, z), element by element: a value and its three partial derivatives, applied to a vector.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Which inputs the derivatives read.</summary>
    static abstract Residual Residual { get; }

    /// <summary>What <see cref="First{V}"/> alone reads, of all that <see cref="Residual"/> names.</summary>
    static virtual Residual FirstReads => Residual.All;

    /// <summary>What <see cref="Second{V}"/> alone reads, of all that <see cref="Residual"/> names.</summary>
    static virtual Residual SecondReads => Residual.All;

    /// <summary>What <see cref="Third{V}"/> alone reads, of all that <see cref="Residual"/> names.</summary>
    static virtual Residual ThirdReads => Residual.All;

    /// <summary>f(x, y, z).</summary>
    V Value<V>(V x, V y, V z)
        where V : struct, IArithmetic<V, T>;

    /// <summary>d·∂f/∂x; what <see cref="Residual"/> does not name is undefined.</summary>
    V First<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>;

    /// <summary>d·∂f/∂y; what <see cref="Residual"/> does not name is undefined.</summary>
    V Second<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>;

    /// <summary>d·∂f/∂z; what <see cref="Residual"/> does not name is undefined.</summary>
    V Third<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>;
}
