using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Benchmarks.Accuracy;

/// <summary>Errors of floats in units in the last place of exact values that come as doubles, sixteen at a time.</summary>
/// <remarks>
/// A denormal's unit is the smallest denormal. A result beyond the largest float must be infinite; an infinity that should not be counts as 2¹²⁸.
/// NaN against a number is an infinite error.
/// </remarks>
internal static class UlpErrors
{
    private const double Overflow = 3.4028235677973366e38; // MaxValue + ½ ulp

    /// <summary>The largest error, the sum, and how many of the exact values are finite floats. The length is a multiple of 16.</summary>
    public static (double Max, double Sum, long Count) Of(ReadOnlySpan<float> values, ReadOnlySpan<double> exact, double floor)
    {
        Vector512<double> max = default, sum = default, least = Vector512.Create(floor);
        Vector512<long> count = default;
        ref float v = ref MemoryMarshal.GetReference(values);
        ref double e = ref MemoryMarshal.GetReference(exact);
        for (nuint i = 0; i < (nuint)values.Length; i += 16)
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.LoadUnsafe(ref v, i));
            Add(lower, Vector512.LoadUnsafe(ref e, i));
            Add(upper, Vector512.LoadUnsafe(ref e, i + 8));
        }
        double most = 0;
        for (int i = 0; i < 8; i++)
            most = Math.Max(most, max[i]);
        return (most, Vector512.Sum(sum), Vector512.Sum(count));

        void Add(Vector512<double> value, Vector512<double> right)
        {
            Vector512<double> error = Error(value, right, least, out Vector512<double> finite);
            max = Vector512.MaxNative(max, error);
            sum += error & finite;
            count -= finite.AsInt64();
        }
    }

    /// <summary>One error, by the same code.</summary>
    public static double Of(float value, double exact, double floor) =>
        Error(Vector512.Create((double)value), Vector512.Create(exact), Vector512.Create(floor), out _)[0];

    private static Vector512<double> Error(Vector512<double> value, Vector512<double> exact, Vector512<double> floor, out Vector512<double> finite)
    {
        Vector512<double> infinity = Vector512.Create(double.PositiveInfinity), magnitude = Vector512.Abs(exact);
        finite = Vector512.LessThan(magnitude, Vector512.Create(Overflow)); // false for NaN
        Vector512<double> target = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(Overflow)), Vector512.CopySign(infinity, exact), exact);
        Vector512<double> same = Vector512.Equals(value, target) | (~Vector512.Equals(value, value) & ~Vector512.Equals(exact, exact));

        // 2^(23 − exponent), from the bits of the exponent.
        Vector512<long> exponent = Vector512.Max(magnitude, floor).AsInt64() & Vector512.Create(0x7FFL << 52);
        exponent = Vector512.Max(exponent, Vector512.Create((1023L - 126) << 52));
        Vector512<double> scale = (Vector512.Create((2046L + 23) << 52) - exponent).AsDouble();
        Vector512<double> counted = Vector512.ConditionalSelect(
            Vector512.Equals(Vector512.Abs(value), infinity) & finite, Vector512.CopySign(Vector512.Create(3.402823669209385e38), value), value); // 2¹²⁸
        Vector512<double> error = Vector512.Abs(counted - exact) * scale;
        error = Vector512.ConditionalSelect(Vector512.Equals(error, error), error, infinity);
        return Vector512.AndNot(error, same);
    }
}
