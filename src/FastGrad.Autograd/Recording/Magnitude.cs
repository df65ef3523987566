using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Autograd;

/// <summary>|x| inside a recorded body, with slope 1 at 0, where <see cref="Kernels.Elementwise.Operators.Abs{T}"/> has 0.</summary>
/// <remarks>
/// Bodies of smooth functions are spelled with |x| and a selection by x &lt; 0, so that each branch keeps its digits. Each branch is the
/// function itself, so any order of derivatives is right at 0 too, as long as |x| is differentiated on the branch that is taken
/// there: the right one. With slope 0 the second derivative of SiLU would vanish at 0, where it is ½.
/// </remarks>
internal readonly struct Magnitude<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThan(x, V.Create(T.Zero)), V.Create(T.NegativeOne), V.Create(T.One));
}
