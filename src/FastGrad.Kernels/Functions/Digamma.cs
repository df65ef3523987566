using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>ψ(x) = (log Γ)′(x).</summary>
/// <remarks>
/// ψ(x) = ψ(x + 1) − 1/x up to 10, then log x − 1/(2x) − Σ B₂ₖ/(2k·x²ᵏ). Reflection ψ(1 − x) − π/tan πx for negative x. Error below 6 ulp of max(|y|, 1) for x &gt; 0.
/// −∞ at +0, ∞ at −0, NaN at negative integers, as in PyTorch; ∞ for ∞, NaN for −∞ and NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Digamma<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>ψ(x) of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Digamma<T>), x);

    /// <summary>ψ(x) of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Digamma<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>ψ₁(x), the trigamma function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(new Polygamma<T>(1), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V zero = V.Create(T.Zero), one = V.Create(T.One), infinity = V.Create(T.PositiveInfinity);
        V negative = V.LessThan(x, zero);
        V a = V.Select(negative, one - x, x);
        Wide<V, T> sum = new(zero, zero);
        for (int i = 0; i < 10; i++)
        {
            V below = V.LessThan(a, V.Constant(10));
            Wide<V, T> next = sum + Wide<V, T>.Quotient(one, new(a, zero));
            sum = new(V.Select(below, next.High, sum.High), V.Select(below, next.Low, sum.Low));
            a = V.Select(below, a + one, a);
        }
        V r = one / a, z = r * r;
        V s = V.Constant(-3617.0 / 8160);
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 12));
        s = V.FusedMultiplyAdd(s, z, V.Constant(-691.0 / 32760));
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 132));
        s = V.FusedMultiplyAdd(s, z, V.Constant(-1.0 / 240));
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 252));
        s = V.FusedMultiplyAdd(s, z, V.Constant(-1.0 / 120));
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 12));
        Wide<V, T> main = Pow<T>.Logarithm(a) + new Wide<V, T>(-sum.High, -sum.Low); // both in two parts: they cancel
        V y = main.High + (main.Low - V.FusedMultiplyAdd(s, z, r * V.Constant(0.5)));
        y = V.Select(V.LessThan(a, infinity), y, a);
        V turn = x - V.Round(x);
        V tangent = default(Tan<T>).Evaluate(turn * V.Constant(3.141592653589793));
        y = V.Select(negative, y - V.Constant(3.141592653589793) / tangent, y);
        y = V.Select(V.And(negative, V.Equal(turn, zero)), V.Create(T.NaN), y);
        y = V.Select(V.Equal(x, zero), V.CopySign(infinity, -x), y);
        return V.Select(V.Equal(x, -infinity), V.Create(T.NaN), y);
    }
}
