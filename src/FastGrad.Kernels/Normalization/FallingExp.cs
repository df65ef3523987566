using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>eˣ for x ≤ 0, with the bits of <see cref="Exp{T}"/>. For kernels that know the sign; what is recorded says exp.</summary>
internal readonly struct FallingExp<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Output;

    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T> => ExpCore<V, T>.Falling(x);
}
