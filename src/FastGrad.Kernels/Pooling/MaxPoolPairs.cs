using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Kernels.Pooling;

/// <summary>Maxima of 2 × 2 windows side by side, eight at a time, in float: the usual pooling. Every other case is the general loop's.</summary>
/// <remarks>
/// A window's elements compete in row-major order with the general loop's comparison, so the results have its bits. The last eight windows of a
/// row overlap those before, which changes nothing where nothing accumulates.
/// </remarks>
internal static unsafe class MaxPoolPairs
{
    /// <summary>A row of windows, or the first of them: y = max. Returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Forward(float* upper, float* lower, float* y, int windows)
    {
        if (!Vector256.IsHardwareAccelerated || windows < 8)
            return 0;
        for (int q = 0; q < windows; q += 8)
        {
            q = Math.Min(q, windows - 8);
            Split(upper + 2 * q, out Vector256<float> m, out Vector256<float> right);
            Split(lower + 2 * q, out Vector256<float> belowLeft, out Vector256<float> belowRight);
            m = Vector256.ConditionalSelect(Better(right, m), right, m);
            m = Vector256.ConditionalSelect(Better(belowLeft, m), belowLeft, m);
            Vector256.ConditionalSelect(Better(belowRight, m), belowRight, m).Store(y + q);
        }
        return windows;
    }

    /// <summary>The same windows' gradients: dx gets dy at the place of the maximum. What is not chosen stays, or is 0 where nothing accumulates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Backward(float* upper, float* lower, float* dy, float* dxUpper, float* dxLower, int windows, bool accumulate)
    {
        if (!Vector256.IsHardwareAccelerated || windows < 8)
            return 0;
        int whole = accumulate ? windows / 8 * 8 : windows;
        for (int q = 0; q < whole; q += 8)
        {
            q = Math.Min(q, whole - 8);
            Split(upper + 2 * q, out Vector256<float> m, out Vector256<float> right);
            Split(lower + 2 * q, out Vector256<float> belowLeft, out Vector256<float> belowRight);
            Vector256<float> first = Better(right, m);
            m = Vector256.ConditionalSelect(first, right, m);
            Vector256<float> second = Better(belowLeft, m);
            m = Vector256.ConditionalSelect(second, belowLeft, m);
            Vector256<float> third = Better(belowRight, m);
            Vector256<float> d = Vector256.Load(dy + q);
            Put(dxUpper + 2 * q, d, ~(first | second | third), first & ~(second | third), accumulate);
            Put(dxLower + 2 * q, d, second & ~third, third, accumulate);
        }
        return whole;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Better(Vector256<float> x, Vector256<float> most) =>
        Vector256.GreaterThan(x, most) | (Vector256.IsNaN(x) & Vector256.Equals(most, most));

    /// <summary>Sixteen neighbours: those at even places, and those at odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(float* p, out Vector256<float> even, out Vector256<float> odd)
    {
        Vector256<int> order = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        Vector256<float> a = Vector256.Shuffle(Vector256.Load(p), order), b = Vector256.Shuffle(Vector256.Load(p + 8), order);
        even = Vector256.Create(a.GetLower(), b.GetLower());
        odd = Vector256.Create(a.GetUpper(), b.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* p, Vector256<float> d, Vector256<float> even, Vector256<float> odd, bool accumulate)
    {
        Vector256<int> order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Add(p, Vector256.Create(d.GetLower(), d.GetLower()), Vector256.Create(even.GetLower(), odd.GetLower()));
        Add(p + 8, Vector256.Create(d.GetUpper(), d.GetUpper()), Vector256.Create(even.GetUpper(), odd.GetUpper()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Add(float* at, Vector256<float> gradient, Vector256<float> chosen)
        {
            // Selected, not added as zeros: −0 stays −0.
            Vector256<float> old = accumulate ? Vector256.Load(at) : Vector256<float>.Zero;
            Vector256.ConditionalSelect(Vector256.Shuffle(chosen, order), old + Vector256.Shuffle(gradient, order), old).Store(at);
        }
    }
}
