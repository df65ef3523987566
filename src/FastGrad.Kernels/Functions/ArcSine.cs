using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>What arcsine and arccosine share: (arcsin s − s)/s³, and multiples of π less twice an arcsine.</summary>
/// <remarks>Minimax fits on s² ≤ ¼ (exchange algorithm in 50 digits), relative error 2^−27.6 and 2^−59.8 of the arcsine.</remarks>
internal static class ArcSine<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>(1 − a)/2: exact for a ≥ ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V HalfGap(V a) => (V.Create(T.One) - a) * V.Constant(0.5);

    /// <summary>√z less its rounded value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Lost(V root, V z) => V.Select(
        V.Equal(root, V.Create(T.Zero)),
        root,
        V.FusedMultiplyAdd(-root, root, z) / (root + root));

    /// <summary>half·π − 2(s + tail).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Below(double half, V s, V tail)
    {
        V whole = V.Constant(3.141592653589793 * half);
        V low = V.Constant((typeof(T) == typeof(float) ? -8.742277657347586e-08 : 1.2246467991473532e-16) * half);
        V twice = s + s;
        V w = whole - twice;
        return w + (((whole - w) - twice) + (low - (tail + tail)));
    }

    /// <summary>(arcsin s − s)/s³ from z = s².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Polynomial(V z) => typeof(T) == typeof(float) ? Single(z) : Double(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single(V z)
    {
        V p = V.Constant(0.04217727109789848);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.024173570796847343));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.045471467077732086));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.07495290040969849));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.16666752099990845));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double(V z)
    {
        V p = V.Constant(0.03255205749828708);
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.020867296619044014));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.021606811956839583));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.003751343095461981));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.010767247498273028));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.011401468650047026));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.013980472941993331));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.017351644680504413));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.022372212904369738));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.03038194279447733));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.044642857172419656));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.07499999999973743));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.16666666666666746));
    }
}
