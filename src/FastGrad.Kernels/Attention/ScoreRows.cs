using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Attention;

/// <summary>What attention does to one row of scores, in place. Rows are worked on up to the next multiple of 16; what is beyond their length counts as −∞.</summary>
internal static unsafe class ScoreRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The elements that are worked on.</summary>
    public static int Padded(int length) => (length + 15) & ~15;

    /// <summary>Makes a row ready: adds the bias, hides what is beyond its length; returns the positive factor that its scores still lack.</summary>
    public static T Prepare(T* s, int length, T scale, T* bias)
    {
        T factor = scale;
        if (bias != null)
        {
            Binary.Apply(new AddScaled<T>(scale), new ReadOnlySpan<T>(bias, length), new ReadOnlySpan<T>(s, length), new Span<T>(s, length));
            factor = T.One;
        }
        else if (!(scale > T.Zero))
        {
            Multiply(s, length, scale); // −∞·scale would not hide
            factor = T.One;
        }
        new Span<T>(s + length, Padded(length) - length).Fill(T.NegativeInfinity);
        return factor;
    }

    /// <summary>The greatest of factor·s. A NaN need not win: it makes the row's sum NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Maximum(T* s, int length, T factor) =>
        length == 0 ? T.NegativeInfinity : RowLanes<T>.Of(default(RowMaximum<T>), default(Loaded), s, Padded(length)) * factor;

    /// <summary>p = exp(factor·s − shift), the product not rounded; returns Σ p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Exponentials(T* s, int length, T factor, T shift) =>
        length == 0 ? T.Zero : RowLanes<T>.Of(default(Sum<T>), new StoredExponential(factor, shift), s, Padded(length));

    /// <summary>s = p = exp(factor·s − logSumExp), g = p·(g − delta)·scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients(T* s, T* g, int length, T factor, T scale, T logSumExp, T delta)
    {
        var loop = new GradientLoop(s, g, factor, scale, logSumExp, delta);
        Ladder.Descend<GradientLoop, T>(ref loop, (nuint)Padded(length));
    }

    /// <summary>row = factor·row.</summary>
    public static void Multiply(T* row, int length, T factor) =>
        Unary.Apply(new MultiplyScalar<T>(factor), new Span<T>(row, length), new Span<T>(row, length));

    /// <summary>Σ x·y.</summary>
    public static T Dot(T* x, T* y, int length) => Reductions.Dot.Of(new ReadOnlySpan<T>(x, length), new ReadOnlySpan<T>(y, length));

    private readonly struct Loaded : RowLanes<T>.ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(T* row, nuint i)
            where V : struct, ISimdVector<V, T> => V.Load(in *row, i);
    }

    private readonly struct StoredExponential(T factor, T shift) : RowLanes<T>.ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(T* row, nuint i)
            where V : struct, ISimdVector<V, T>
        {
            V p = Exp<T>.Of(V.FusedMultiplyAdd(V.Load(in *row, i), V.Create(factor), V.Create(-shift)));
            V.Store(p, ref *row, i);
            return p;
        }
    }

    private readonly struct GradientLoop(T* s, T* g, T factor, T scale, T logSumExp, T delta) : ILoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            T* ss = s, gs = g;
            V f = V.Create(factor), c = V.Create(scale), l = V.Create(-logSumExp), d = V.Create(delta);
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                V p = Exp<T>.Of(V.FusedMultiplyAdd(V.Load(in *ss, i), f, l));
                V.Store(p, ref *ss, i);
                V.Store(p * (V.Load(in *gs, i) - d) * c, ref *gs, i);
            }
            return i;
        }
    }
}
