using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = (x − y)².</summary>
/// <remarks>
/// Convex, with the constant curvature 2 in each argument: strongly convex with modulus 2 and smooth with constant 2.
/// Two correctly rounded operations: error below 1.5 ulp of (x − y)² as rounded inputs give it. No factor ½, as in PyTorch.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct SquaredError<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V error = x - y;
        return error * error;
    }

    /// <summary>d·2(x − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V error = x - y;
        return d * (error + error);
    }

    /// <summary>d·2(y − x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => Left(y, x, z, d);
}
