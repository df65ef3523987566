using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;

namespace FastGrad.Autograd;

/// <summary>Further elementary functions, rounding and selections, element by element, with PyTorch's names.</summary>
/// <remarks>Accuracy, ranges and edges are those of the operators, stated in FastGrad.Kernels and docs/numerics.md; conventions at kinks in docs/derivatives.md.</remarks>
public static class TensorElementary
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>−x.</summary>
        public Tensor<T> Neg() => -x;

        /// <summary>−1, 0 or 1: the sign of x; its derivative is 0 everywhere.</summary>
        public Tensor<T> Sign() => x.Map(default(Sign<T>));

        /// <summary>1/√x.</summary>
        public Tensor<T> Rsqrt() => x.Map(default(Rsqrt<T>));

        /// <summary>∛x.</summary>
        public Tensor<T> Cbrt() => x.Map(default(Cbrt<T>));

        /// <summary>2ˣ.</summary>
        public Tensor<T> Exp2() => x.Map(default(Exp2<T>));

        /// <summary>log₂ x.</summary>
        public Tensor<T> Log2() => x.Map(default(Log2<T>));

        /// <summary>log₁₀ x.</summary>
        public Tensor<T> Log10() => x.Map(default(Log10<T>));

        /// <summary>tan x.</summary>
        public Tensor<T> Tan() => x.Map(default(Tan<T>));

        /// <summary>arcsin x.</summary>
        public Tensor<T> Asin() => x.Map(default(Asin<T>));

        /// <summary>arccos x.</summary>
        public Tensor<T> Acos() => x.Map(default(Acos<T>));

        /// <summary>arctan x.</summary>
        public Tensor<T> Atan() => x.Map(default(Atan<T>));

        /// <summary>sinh x.</summary>
        public Tensor<T> Sinh() => x.Map(default(Sinh<T>));

        /// <summary>cosh x.</summary>
        public Tensor<T> Cosh() => x.Map(default(Cosh<T>));

        /// <summary>arsinh x.</summary>
        public Tensor<T> Asinh() => x.Map(default(Asinh<T>));

        /// <summary>arcosh x.</summary>
        public Tensor<T> Acosh() => x.Map(default(Acosh<T>));

        /// <summary>artanh x.</summary>
        public Tensor<T> Atanh() => x.Map(default(Atanh<T>));

        /// <summary>erfc x = 1 − erf x, with its digits far out.</summary>
        public Tensor<T> Erfc() => x.Map(default(Erfc<T>));

        /// <summary>log|Γ(x)|.</summary>
        public Tensor<T> Lgamma() => x.Map(default(LogGamma<T>));

        /// <summary>ψ(x) = (log Γ)′(x).</summary>
        public Tensor<T> Digamma() => x.Map(default(Digamma<T>));

        /// <summary>ψₙ(x), the n-th derivative of the digamma function.</summary>
        /// <exception cref="ArgumentOutOfRangeException">n is not between 1 and 20.</exception>
        public Tensor<T> Polygamma(int n) => x.Map(new Polygamma<T>(n));

        /// <summary>log(x/(1 − x)), the inverse of the logistic function; with <paramref name="eps"/>, of x clamped to eps…1 − eps.</summary>
        public Tensor<T> Logit(double? eps = null) =>
            (eps is { } e ? x.Map(new Clamp<T>(T.CreateTruncating(e), T.CreateTruncating(1 - e))) : x).Map(default(Logit<T>));

        /// <summary>⌊x⌋; its derivative is 0 everywhere.</summary>
        public Tensor<T> Floor() => x.Map(default(Floor<T>));

        /// <summary>⌈x⌉; its derivative is 0 everywhere.</summary>
        public Tensor<T> Ceil() => x.Map(default(Ceiling<T>));

        /// <summary>The nearest integer, ties to even; its derivative is 0 everywhere.</summary>
        public Tensor<T> Round() => x.Map(default(Round<T>));

        /// <summary>The integer part; its derivative is 0 everywhere.</summary>
        public Tensor<T> Trunc() => x.Map(default(Truncate<T>));

        /// <summary>x clamped to min…max; its derivative is 1 at both ends. No bound where null.</summary>
        /// <exception cref="ArgumentException"><paramref name="min"/> is above <paramref name="max"/>.</exception>
        public Tensor<T> Clamp(double? min = null, double? max = null)
        {
            if (min > max)
                throw new ArgumentException($"min is {min} and max is {max}; expected min ≤ max.", nameof(min));
            return x.Map(new Clamp<T>(
                min is { } low ? T.CreateTruncating(low) : T.NegativeInfinity,
                max is { } high ? T.CreateTruncating(high) : T.PositiveInfinity));
        }

        /// <summary>x with NaN and the infinities replaced: by default 0 and the type's largest and smallest numbers.</summary>
        public Tensor<T> NanToNum(double nan = 0, double? posinf = null, double? neginf = null) => x.Map(new NanToNum<T>(
            T.CreateTruncating(nan),
            posinf is { } p ? T.CreateTruncating(p) : T.BitDecrement(T.PositiveInfinity),
            neginf is { } n ? T.CreateTruncating(n) : T.BitIncrement(T.NegativeInfinity)));

        /// <summary>xʸ.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Pow(Tensor<T> y) => x.Zip(y, default(Pow<T>));

        /// <summary>xᵖ for a number p; 2, ½, −½ and −1 by multiplication, roots and division.</summary>
        public Tensor<T> Pow(double p) => p switch
        {
            2 => x.Square(),
            0.5 => x.Sqrt(),
            -0.5 => x.Rsqrt(),
            -1 => x.Reciprocal(),
            _ => x.Map(new PowScalar<T>(T.CreateTruncating(p))),
        };

        /// <summary>The angle of the point with ordinate x and abscissa y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Atan2(Tensor<T> y) => x.Zip(y, default(Atan2<T>));

        /// <summary>√(x² + y²), without overflow.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Hypot(Tensor<T> y) => x.Zip(y, default(Hypot<T>));

        /// <summary>x − ⌊x/y⌋·y: the remainder with the sign of y. As torch.remainder for finite y and quotients that the type can count; NaN for infinite y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Remainder(Tensor<T> y) => x.Zip(y, default(Remainder<T>));

        /// <summary>log(eˣ + eʸ), without overflow.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> LogAddExp(Tensor<T> y) => x.Zip(y, default(LogAddExp<T>));

        /// <summary>x·log y, and 0 where x = 0.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Xlogy(Tensor<T> y) => x.Zip(y, default(XLogY<T>));

        /// <summary>x + weight·(end − x).</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Lerp(Tensor<T> end, Tensor<T> weight) => TernaryPrimitive<Lerp<T>, T>.Instance.Apply(x, end, weight);

        /// <summary>x + weight·(end − x).</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Lerp(Tensor<T> end, double weight) => x.Lerp(end, Tensor.Scalar(T.CreateTruncating(weight)));

        /// <summary>x·y + z, rounded once.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> MultiplyAdd(Tensor<T> y, Tensor<T> z) => TernaryPrimitive<FusedMultiplyAdd<T>, T>.Instance.Apply(x, y, z);
    }
}
