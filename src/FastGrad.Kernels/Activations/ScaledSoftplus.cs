using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Softplus with a sharpness: y = log(1 + e^(βx))/β.</summary>
/// <remarks>
/// As <see cref="Softplus{T}"/> of βx, with that product, the quotient and the sum in two parts. Error below 2 ulp. PyTorch's softplus returns x where βx is beyond a threshold of 20; this one needs none.
/// </remarks>
/// <param name="beta">The sharpness β &gt; 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct ScaledSoftplus<T>(T beta) : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _beta = beta;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V beta = V.Create(_beta), zero = V.Create(T.Zero);
        V t = V.Abs(beta * x);
        // What rounding the product left; beyond the exponential's range nothing hangs on it.
        V low = V.Select(V.LessThan(t, V.Constant(1024)), V.FusedMultiplyAdd(V.Abs(beta), V.Abs(x), -t), zero);
        V tail = SoftplusTail<V, T>.Every(t, low), q = tail / beta;
        V rest = V.FusedMultiplyAdd(-q, beta, tail) / beta;
        V far = V.Constant(1152921504606846976); // 2⁶⁰: beyond, y = x, and an infinity must not meet its own rest
        Wide<V, T> sum = Wide<V, T>.Sum(V.Max(zero, V.Min(far, x)), q);
        return V.Select(V.LessThan(x, far), sum.High + (sum.Low + rest), x);
    }

    /// <summary>σ(βx).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Sigmoid<T>.Of(V.Create(_beta) * x);
}
