using System.Numerics;
using FastGrad.Kernels.Attention;

namespace FastGrad.Autograd.Primitives;

/// <summary>Attention by elementary operations that store the scores: its derivatives of any order, and what its primitives share.</summary>
internal static class AttentionScores
{
    /// <summary>1/√width, rounded once.</summary>
    public static T Scale<T>(int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(1 / Math.Sqrt(Math.Max(1, width)));

    /// <summary>The mask broadcasts to [batch, heads, queries, keys], with all keys there.</summary>
    public static void CheckMask<TMask>(Tensor<TMask>? mask, in AttentionShape sizes)
        where TMask : unmanaged
    {
        if (mask is null)
            return;
        Shape full = [sizes.Batch, sizes.Heads, sizes.Queries, sizes.Keys];
        if (mask.Rank < 1 || mask.Shape[-1] != sizes.Keys || !mask.Shape.BroadcastsTo(full))
            throw new ArgumentException($"An attention mask of shape {mask.Shape} for scores {full}; expected a shape that broadcasts to it, with all {sizes.Keys} keys.", nameof(mask));
    }

    /// <summary>The boolean mask for the kernel.</summary>
    public static AttentionMask<T> Mask<T>(Tensor<bool>? allowed, in AttentionShape sizes)
        where T : unmanaged => allowed is null ? default : new(allowed.Dense(), MaskLayout(allowed.Shape));

    /// <summary>The strides of a dense mask, 0 where it broadcasts.</summary>
    public static HeadLayout MaskLayout(Shape mask)
    {
        int row = mask[-1], head = row * Axis(mask, 2), batch = head * Axis(mask, 3);
        return new(Axis(mask, 4) > 1 ? batch : 0, Axis(mask, 3) > 1 ? head : 0, Axis(mask, 2) > 1 ? row : 0);
    }

    /// <summary>The output's tangent. With P the probabilities: dS = scale·(dQ·Kᵀ + Q·dKᵀ) + dmask, dP = P∘(dS − rowsum(P∘dS)), dO = dP·V + P·dV.</summary>
    public static Tensor<T> Tangent<T>(
        Tensor<T> q, Tensor<T> k, Tensor<T> v, Tensor<T>? mask, Tensor<T>? dq, Tensor<T>? dk, Tensor<T>? dv, Tensor<T>? dmask, T scale, bool causal, Tensor<bool>? allowed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> p = Probabilities(q, k, mask, scale, causal, allowed);
        Tensor<T>? ds = dq is null ? null : dq.MatMul(k.TransposeLast()) * scale;
        if (dk is not null)
            ds = Sum(ds, q.MatMul(dk.TransposeLast()) * scale);
        if (dmask is not null)
            ds = Sum(ds, dmask.BroadcastTo(p.Shape));
        Tensor<T>? tangent = ds is null ? null : Centred(p, ds).MatMul(v);
        return dv is null ? tangent! : Sum(tangent, p.MatMul(dv));
    }

    /// <summary>softmax(scale·Q·Kᵀ + mask), stored.</summary>
    /// <remarks>
    /// The scores of hidden keys are −∞. Softmax sees the lowest number there, so that a row of them alone is not NaN, and its result is
    /// replaced by 0: the kernel's convention.
    /// </remarks>
    public static Tensor<T> Probabilities<T>(Tensor<T> q, Tensor<T> k, Tensor<T>? mask, T scale, bool causal, Tensor<bool>? allowed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> s = q.MatMul(k.TransposeLast()) * scale;
        if (mask is not null)
            s += mask;
        if (allowed is not null)
            s = new MaskedFill<T>(allowed, T.NegativeInfinity, fillsWhere: false).Apply(s);
        if (causal)
            s = new MaskedFill<T>(Future(s.Shape[-2], s.Shape[-1]), T.NegativeInfinity).Apply(s);
        if (mask is null && allowed is null && !causal)
            return s.Softmax();
        Recorded<T> lowest = Recorded<T>.Create(T.CreateSaturating(double.MinValue)), scores = new(s);
        Recorded<T> counts = Recorded<T>.GreaterThan(scores, lowest);
        Tensor<T> p = Recorded<T>.Select(counts, scores, lowest).Tensor.Softmax();
        return Recorded<T>.Select(counts, new(p), Recorded<T>.Create(T.Zero)).Tensor;
    }

    private static Tensor<T> Centred<T>(Tensor<T> p, Tensor<T> d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => p * (d - (p * d).Sum([-1], keepAxes: true));

    private static Tensor<T> Sum<T>(Tensor<T>? left, Tensor<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => left is null ? right : left + right;

    // True above the diagonal: what a query must not see.
    private static Tensor<bool> Future(int queries, int keys)
    {
        bool[] future = new bool[queries * keys];
        for (int i = 0; i < queries; i++)
            future.AsSpan(i * keys + Math.Min(keys, i + 1), Math.Max(0, keys - i - 1)).Fill(true);
        return Tensor.Wrap(future.AsMemory(), [queries, keys]);
    }

    private static int Axis(Shape shape, int fromEnd) => fromEnd <= shape.Rank ? shape[-fromEnd] : 1;

    /// <summary>The gradients: dV = Pᵀ·dO, dS = P∘(dO·Vᵀ − rowsum(P∘(dO·Vᵀ))), dQ = scale·dS·K, dK = scale·dSᵀ·Q.</summary>
    public readonly struct Adjoints<T>(
        Tensor<T> q, Tensor<T> k, Tensor<T> v, Tensor<T>? mask, Tensor<T> dy, T scale, bool causal, Tensor<bool>? allowed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Tensor<T> _p = Probabilities(q, k, mask, scale, causal, allowed);

        public Tensor<T> Scores => Centred(_p, dy.MatMul(v.TransposeLast()));

        public Tensor<T> Query => Scores.MatMul(k) * scale;

        public Tensor<T> Key => Scores.TransposeLast().MatMul(q) * scale;

        public Tensor<T> Value => _p.TransposeLast().MatMul(dy);
    }
}
