using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>ψ(x) = (log Γ)′(x).</summary>
/// <remarks>
/// ψ(x) = ψ(x + 1) − 1/x up to 10, then log x − 1/(2x) − Σ B₂ₖ/(2k·x²ᵏ). Error below 2 ulp of max(|y|, ¼) for x &gt; 0 (there is a zero
/// at 1.4616…); below 0 by reflection, ψ(1 − x) − π/tan πx, where it is below 6 ulp of max(|y|, 16).
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
        Wide<V, T> shifted = Wide<V, T>.Sum(one, -x);
        V a = V.Select(negative, shifted.High, x), aLow = V.Select(negative, shifted.Low, zero);
        Wide<V, T> sum = new(zero, zero);
        for (int i = 0; i < 10; i++)
        {
            V below = V.LessThan(a, V.Constant(10));
            Wide<V, T> next = sum + Wide<V, T>.Quotient(one, new(a, aLow)), up = new Wide<V, T>(a, aLow) + one;
            sum = new(V.Select(below, next.High, sum.High), V.Select(below, next.Low, sum.Low));
            (a, aLow) = (V.Select(below, up.High, a), V.Select(below, up.Low, aLow));
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
        V y = main.High + (V.FusedMultiplyAdd(aLow, r, main.Low) - V.FusedMultiplyAdd(s, z, r * V.Constant(0.5)));
        y = V.Select(V.LessThan(a, infinity), y, a);
        y = V.Select(V.LessThan(V.Abs(x), V.Constant(typeof(T) == typeof(float) ? 1e-30 : 1e-290)), -(one / x), y); // beside the pole, where two parts would overflow
        V turn = x - V.Round(x);
        V tangent = default(Tan<T>).Evaluate(turn * V.Constant(3.141592653589793));
        y = V.Select(V.LessThan(x, V.Constant(typeof(T) == typeof(float) ? -1e-30 : -1e-290)), y - V.Constant(3.141592653589793) / tangent, y);
        y = V.Select(V.And(negative, V.Equal(turn, zero)), V.Create(T.NaN), y);
        y = V.Select(V.Equal(x, zero), V.CopySign(infinity, -x), y);
        return V.Select(V.Equal(x, -infinity), V.Create(T.NaN), y);
    }
}
