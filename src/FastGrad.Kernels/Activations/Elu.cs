using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Exponential linear unit: y = x for x &gt; 0, α·(eˣ − 1) for x ≤ 0.</summary>
/// <remarks>
/// Clevert, Unterthiner and Hochreiter 2015, arXiv:1511.07289. Error below 2 ulp. −α for x → −∞.
/// Backward reads the input: y + α would have no digits where y rounds to −α.
/// </remarks>
/// <param name="alpha">The scale α of the negative part; the usual value is 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Elu<T>(T alpha) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _alpha = alpha;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), x, Expm1<T>.Of(x) * V.Create(_alpha));

    /// <summary>1 for x &gt; 0, α·eˣ for x ≤ 0; so α at 0, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), V.Create(T.One), Exp<T>.Of(x) * V.Create(_alpha));
}
