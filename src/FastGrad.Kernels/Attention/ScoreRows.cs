using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Attention;

/// <summary>What attention does to one row of scores, in place.</summary>
internal static unsafe class ScoreRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>s = scale·s, or scale·s + bias; returns the greatest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Scale(T* s, int length, T scale, T* bias)
    {
        if (length == 0)
            return T.NegativeInfinity;
        if (bias == null)
            return FlatReduction.Of(new ScaledMaximum(scale), ref *s, ref *s, (nuint)length);
        AddBias(s, length, scale, bias);
        return FlatReduction.Of(default(RowMaximum<T>), ref *s, ref *s, (nuint)length);
    }

    /// <summary>p = exp(s − shift); returns Σ p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Exponentials(T* s, int length, T shift) =>
        length == 0 ? T.Zero : FlatReduction.Of(new StoredExpSum<T>(shift), ref *s, ref *s, (nuint)length);

    /// <summary>s = p = exp(scale·s + bias − logSumExp), g = p·(g − delta)·scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients(T* s, T* g, int length, T scale, T* bias, T logSumExp, T delta)
    {
        T rest = scale;
        if (bias != null)
        {
            AddBias(s, length, scale, bias);
            rest = T.One; // t·1 = t: the same bits
        }
        var loop = new GradientLoop(s, g, rest, scale, logSumExp, delta);
        Ladder.Descend<GradientLoop, T>(ref loop, (nuint)length);
    }

    /// <summary>row = factor·row.</summary>
    public static void Multiply(T* row, int length, T factor) =>
        Unary.Apply(new MultiplyScalar<T>(factor), new Span<T>(row, length), new Span<T>(row, length));

    /// <summary>Σ x·y.</summary>
    public static T Dot(T* x, T* y, int length) => Reductions.Dot.Of(new ReadOnlySpan<T>(x, length), new ReadOnlySpan<T>(y, length));

    private static void AddBias(T* s, int length, T scale, T* bias) =>
        Binary.Apply(new AddScaled<T>(scale), new ReadOnlySpan<T>(bias, length), new ReadOnlySpan<T>(s, length), new Span<T>(s, length));

    /// <summary>max scale·sᵢ, which leaves the scaled scores. A NaN need not win: it makes the row's sum NaN.</summary>
    private readonly struct ScaledMaximum(T scale) : IReduction<T>, IStoredTerm
    {
        public static T Empty => T.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Term<V>(V x, V y)
            where V : struct, IArithmetic<V, T> => x * V.Create(scale);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Combine<V>(V a, V b)
            where V : struct, IArithmetic<V, T> => V.Max(a, b);
    }

    private readonly struct GradientLoop(T* s, T* g, T factor, T scale, T logSumExp, T delta) : ILoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            T* ss = s, gs = g;
            V f = V.Create(factor), c = V.Create(scale), l = V.Create(logSumExp), d = V.Create(delta);
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                V p = Exp<T>.Of(V.Load(in *ss, i) * f - l);
                V.Store(p, ref *ss, i);
                V.Store(p * (V.Load(in *gs, i) - d) * c, ref *gs, i);
            }
            return i;
        }
    }
}
