using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.Gradients;

/// <summary>Σx² of a vector, safe from overflow and underflow.</summary>
internal static class GradientNorm
{
    /// <summary>The sum of squares, as a sum to be multiplied with 2^(2·exponent).</summary>
    public static double SumOfSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> sum = stackalloc double[1];
        Measurement.Run(new SquaredSum<T>(T.One), x, x, sum);
        // Squares leave the format long before the numbers do. Then a second pass takes them at a power of two's distance.
        if (double.IsFinite(sum[0]) && sum[0] >= Smallest<T>())
            return sum[0];
        T largest = T.Zero;
        foreach (T element in x)
        {
            T magnitude = T.Abs(element);
            if (!T.IsFinite(magnitude))
                return double.CreateTruncating(magnitude * magnitude);
            if (magnitude > largest)
                largest = magnitude;
        }
        if (largest == T.Zero)
            return 0;
        int exponent = T.ILogB(largest);
        Measurement.Run(new SquaredSum<T>(T.ScaleB(T.One, -Math.Max(exponent, -Limit<T>()))), x, x, sum);
        return double.ScaleB(sum[0], 2 * Math.Max(exponent, -Limit<T>()));
    }

    // A sum below this may have lost digits to denormal squares.
    private static double Smallest<T>() => typeof(T) == typeof(float) ? 1e-30 : 1e-280;

    private static int Limit<T>() => typeof(T) == typeof(float) ? 126 : 1022;

    private readonly struct SquaredSum<T>(T scale) : IMeasure<T>
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
