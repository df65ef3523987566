using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.Gradients;

/// <summary>A sum of squares as sum·2^(2·exponent): squares leave the format long before the numbers do.</summary>
internal readonly record struct GradientNorm(double Sum, int Exponent)
{
    /// <summary>√(sum of squares).</summary>
    public double Root => double.ScaleB(Math.Sqrt(Sum), Exponent);

    /// <summary>Σx². The exponent is zero unless the plain sum overflows or may have lost digits to denormal squares.</summary>
    public static GradientNorm Of<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double plain = double.CreateTruncating(SumOfSquares.Of(x));
        if (double.IsFinite(plain) && plain >= (typeof(T) == typeof(float) ? 1e-30 : 1e-280))
            return new(plain, 0);
        T largest = MaxAbs.Of(x);
        if (!T.IsFinite(largest) || largest == T.Zero || x.IsEmpty)
            return new(x.IsEmpty ? 0 : double.CreateTruncating(largest), 0);

        // A second pass at a power of two's distance. The factor stays a normal number.
        int exponent = Math.Max(T.ILogB(largest), typeof(T) == typeof(float) ? -126 : -1022);
        Span<double> sum = stackalloc double[1];
        Measurement.Run(new ScaledSquares<T>(T.ScaleB(T.One, -exponent)), x, x, sum);
        return new(sum[0], exponent);
    }

    /// <summary>The sum of two, at the larger exponent.</summary>
    public static GradientNorm operator +(GradientNorm a, GradientNorm b)
    {
        if (a.Sum == 0 || b.Sum == 0) // a zero has no size of its own
            return a.Sum == 0 ? b : a;
        int exponent = Math.Max(a.Exponent, b.Exponent);
        return new(double.ScaleB(a.Sum, 2 * (a.Exponent - exponent)) + double.ScaleB(b.Sum, 2 * (b.Exponent - exponent)), exponent);
    }

    private readonly struct ScaledSquares<T>(T scale) : IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _scale = scale;

        public static int SlotCount => 0;

        public static int SumCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
            where V : struct, ISimdVector<V, T>
        {
            V scaled = V.Create(_scale) * gradient;
            sums.Add(0, scaled * scaled);
        }
    }
}
