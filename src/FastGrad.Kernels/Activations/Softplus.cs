using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Softplus: y = log(1 + eˣ).</summary>
/// <remarks>
/// Dugas et al. 2000, "Incorporating second-order functional knowledge for better option pricing". Spelled max(x, 0) + log(1 + e^−|x|),
/// which neither overflows nor loses the negative tail. Error below 2 ulp. 0 for x → −∞, x for x → ∞.
/// PyTorch's softplus returns x beyond a threshold of 20; this one needs none.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Softplus<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool HasUsual => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.AllLessThanOrEqual(V.Abs(x), V.Constant(ExpCore<V, T>.Bound));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.Max(V.Create(T.Zero), x) + SoftplusTail<V, T>.Normal(V.Abs(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T> => V.Max(V.Create(T.Zero), x) + SoftplusTail<V, T>.Every(V.Abs(x));

    /// <summary>σ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Sigmoid<T>.Of(x);
}
