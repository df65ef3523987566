using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>log σ(x) = −log(1 + e⁻ˣ).</summary>
/// <remarks>
/// Spelled min(x, 0) − log(1 + e^−|x|), which neither overflows nor loses digits. Error below 2 ulp. x for x → −∞, 0 for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct LogSigmoid<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T> => V.Min(V.Create(T.Zero), x) - SoftplusTail<V, T>.Every(V.Abs(x));

    /// <summary>σ(−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Sigmoid<T>.Of(-x);
}
