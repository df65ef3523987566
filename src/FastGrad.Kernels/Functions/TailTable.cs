using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>The normal tail e^(a²/2)·Q(a) in float, for 0 ≤ a &lt; 15: sixteen polynomials of degree 6, chosen by the leading bits of 1 + a.</summary>
/// <remarks>
/// Four intervals for each power of two of 1 + a, whose coefficients come by permutations. Each polynomial is taken around a node near the middle where
/// the function's value is within 1/1000 ulp of a float, so what is rounded is a small correction to an exact term.
/// Minimax fits (exchange algorithm in 50 digits), relative error 2^−27.1.
/// </remarks>
internal static class TailTable<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The largest argument that the table serves.</summary>
    public const double Limit = 14.999;

    private static ReadOnlySpan<float> Nodes =>
    [
        1.2499188f, 1.7499583f, 2.2501478f, 2.7500734f, 3.4999094f, 4.4994736f, 5.4995956f, 6.500472f,
        8.000624f, 9.998721f, 11.999951f, 14.000925f, 0f, 0.37503716f, 0.62500024f, 0.8749129f,
    ];

    private static ReadOnlySpan<float> Order0 =>
    [
        0.23076929f, 0.18523479f, 0.15364407f, 0.13072184f, 0.106347576f, 0.084812514f, 0.07034757f, 0.060011502f,
        0.049118828f, 0.03951165f, 0.033019103f, 0.028350806f, 0.5f, 0.3795949f, 0.32335612f, 0.279784f,
    ];

    private static ReadOnlySpan<float> Order1 =>
    [
        -0.110499404f, -0.07478914f, -0.05322041f, -0.039447628f, -0.026735405f, -0.017330615f, -0.012059092f, -0.008839185f,
        -0.0059610223f, -0.0038763033f, -0.002714649f, -0.002004772f, -0.39894226f, -0.25658008f, -0.19684462f, -0.15415566f,
    ];

    private static ReadOnlySpan<float> Order2 =>
    [
        0.046327006f, 0.027178459f, 0.01694514f, 0.011118981f, 0.006388052f, 0.0034169403f, 0.002013721f, 0.0012763118f,
        0.00071347284f, 0.00037678936f, 0.00022172331f, 0.00014107171f, 0.24999881f, 0.1416839f, 0.10016409f, 0.07245562f,
    ];

    private static ReadOnlySpan<float> Order3 =>
    [
        -0.017530898f, -0.009075785f, -0.005030484f, -0.0029565576f, -0.0014591257f, -0.00065200916f, -0.00032814126f, -0.00018085286f,
        -8.4251405e-05f, -3.6294285e-05f, -1.799286e-05f, -9.879179e-06f, -0.13295501f, -0.067815326f, -0.044748448f, -0.03025264f,
    ];

    private static ReadOnlySpan<float> Order4 =>
    [
        0.0061034025f, 0.0028239554f, 0.0014064222f, 0.0007470735f, 0.00032013803f, 0.000120741104f, 5.2261632e-05f, 2.5171812e-05f,
        9.823039e-06f, 3.4658394e-06f, 1.4509847e-06f, 6.885776e-07f, 0.062243287f, 0.029063765f, 0.018049344f, 0.0114937695f,
    ];

    private static ReadOnlySpan<float> Order5 =>
    [
        -0.0019993607f, -0.0008334416f, -0.0003742411f, -0.00018079768f, -6.891648e-05f, -2.2092834e-05f, -8.213495e-06f, -3.4585314e-06f,
        -1.1578624e-06f, -3.3354533e-07f, -1.17464005e-07f, -4.8004253e-08f, -0.025291707f, -0.011362347f, -0.0066502937f, -0.004138935f,
    ];

    private static ReadOnlySpan<float> Order6 =>
    [
        0.00060944346f, 0.00023074911f, 9.5219635e-05f, 4.189211e-05f, 1.41207265e-05f, 3.882111e-06f, 1.2512853e-06f, 4.6690454e-07f,
        1.3249742e-07f, 3.1288142e-08f, 9.336872e-09f, 3.2908398e-09f, 0.007069993f, 0.004093189f, 0.0023036294f, 0.0014621875f,
    ];

    /// <summary>The function at a + low, for small |low|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V a, V low)
    {
        V value = Parts(a, low, out V rest);
        return value + rest;
    }

    /// <summary>The function at a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V a)
    {
        V value = Parts(a, out V rest);
        return value + rest;
    }

    /// <summary>The function at a + low as its value at the node, which is exact, and the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Parts(V a, V low, out V rest)
    {
        V index = Index(a);
        return At(a - Node(index) + low, index, out rest);
    }

    /// <summary>The function at a as its value at the node, which is exact, and the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Parts(V a, out V rest)
    {
        V index = Index(a);
        return At(a - Node(index), index, out rest);
    }

    // Two bits of the exponent of 1 + a and two of its fraction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Index(V a) => V.ShiftRight(a + V.Create(T.One), 21);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Node(V index) => V.Lookup(in FloatFormat<T>.Table(Nodes), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V At(V d, V index, out V rest)
    {
        V p = V.Lookup(in FloatFormat<T>.Table(Order6), index);
        p = V.FusedMultiplyAdd(p, d, V.Lookup(in FloatFormat<T>.Table(Order5), index));
        p = V.FusedMultiplyAdd(p, d, V.Lookup(in FloatFormat<T>.Table(Order4), index));
        p = V.FusedMultiplyAdd(p, d, V.Lookup(in FloatFormat<T>.Table(Order3), index));
        p = V.FusedMultiplyAdd(p, d, V.Lookup(in FloatFormat<T>.Table(Order2), index));
        rest = V.FusedMultiplyAdd(p, d, V.Lookup(in FloatFormat<T>.Table(Order1), index)) * d;
        return V.Lookup(in FloatFormat<T>.Table(Order0), index);
    }
}
