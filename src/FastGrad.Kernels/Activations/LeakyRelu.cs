using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Leaky rectified linear unit: y = x for x &gt; 0, slope·x for x ≤ 0.</summary>
/// <remarks>
/// Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models". One rounding.
/// </remarks>
/// <param name="slope">The slope for x ≤ 0; PyTorch's default is 0.01.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct LeakyRelu<T>(T slope) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _slope = slope;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), x, x * V.Create(_slope));

    /// <summary>1 for x &gt; 0, else the slope; the slope at the kink, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), V.Create(T.One), V.Create(_slope));
}
