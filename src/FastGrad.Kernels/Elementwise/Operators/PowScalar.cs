using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>y = xᵖ for a constant p.</summary>
/// <remarks>
/// As <see cref="Pow{T}"/>.
/// </remarks>
/// <param name="exponent">The exponent p.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct PowScalar<T>(T exponent) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _exponent = exponent;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => Pow<T>.Of(x, V.Create(_exponent));

    /// <summary>p·x^(p − 1); 0 for p = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => _exponent == T.Zero ? V.Create(T.Zero) : V.Create(_exponent) * Pow<T>.Of(x, V.Create(_exponent - T.One));
}
