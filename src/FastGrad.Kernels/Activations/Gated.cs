using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>A gated linear unit: z = f(x)·y with the gate's activation f.</summary>
/// <remarks>
/// Shazeer 2020, arXiv:2002.05202: GLU with the logistic function, SwiGLU with SiLU, GEGLU with GELU. One rounding more than f.
/// </remarks>
/// <param name="gate">The activation f.</param>
/// <typeparam name="TGate">The activation's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Gated<TGate, T>(TGate gate) : IBinaryOperator<T>
    where TGate : struct, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TGate _gate = gate;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public static Residual RightReads => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => _gate.Value(x) * y;

    /// <summary>d·f′(x)·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (_gate.Derivative(TGate.Residual == Residual.Output ? _gate.Value(x) : x) * y);

    /// <summary>d·f(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * _gate.Value(x);
}
