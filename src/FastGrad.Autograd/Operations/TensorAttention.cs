using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Attention.</summary>
public static class TensorAttention
{
    extension<T>(Tensor<T> query)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>softmax(scale·Q·Kᵀ + mask)·V, as torch.nn.functional.scaled_dot_product_attention; the scores are never stored.</summary>
        /// <param name="key">K […, S, E] for queries […, L, E].</param>
        /// <param name="value">V […, S, F].</param>
        /// <param name="mask">Added to the scores, broadcast to […, L, S]; −∞ hides a key.</param>
        /// <param name="allowed">Instead of <paramref name="mask"/>: where a key counts.</param>
        /// <param name="causal">Whether query i sees keys 0 … i only.</param>
        /// <param name="scale">The factor on scores; null for 1/√E.</param>
        /// <param name="dropout">That a weight of the sum over keys becomes 0: from 0 up to, not including, 1. The scores are stored then, and so are the weights.</param>
        /// <param name="draw">The random numbers of the dropout.</param>
        /// <returns>[…, L, F]. A query that sees no key gives 0.</returns>
        /// <exception cref="ArgumentException">The shapes do not fit, there are two masks, or there is a dropout without a draw.</exception>
        public Tensor<T> ScaledDotProductAttention(
            Tensor<T> key, Tensor<T> value, Tensor<T>? mask = null, Tensor<bool>? allowed = null, bool causal = false, double? scale = null,
            double dropout = 0, DropoutDraw? draw = null)
        {
            ArgumentNullException.ThrowIfNull(key);
            ArgumentNullException.ThrowIfNull(value);
            T factor = scale is { } given ? T.CreateTruncating(given) : AttentionScores.Scale<T>(query.Rank == 0 ? 1 : query.Shape[-1]);
            if (dropout != 0)
            {
                ArgumentNullException.ThrowIfNull(draw);
                if (mask is not null && allowed is not null)
                    throw new ArgumentException("Attention with two masks, one added and one of where a key counts; expected one of them.", nameof(allowed));
                return AttentionScores.Probabilities(query, key, mask, factor, causal, allowed?.Contiguous()).Dropout(dropout, draw).MatMul(value);
            }
            Attention<T> attention = new(factor, causal, allowed?.Contiguous());
            return mask is null ? attention.Apply(query, key, value) : attention.Apply(query, key, value, mask);
        }

        /// <summary>Self-attention of a fused projection […, time, 3·width], queries, then keys, then values; result […, time, width].</summary>
        /// <param name="heads">The number of heads, which divides the width; scores are scaled by 1/√(width/heads).</param>
        /// <param name="causal">Whether a position sees itself and earlier ones only.</param>
        /// <param name="allowed">Where a key counts, broadcast to [batch, heads, time, time].</param>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> PackedAttention(int heads, bool causal = false, Tensor<bool>? allowed = null) =>
            new PackedAttention<T>(heads, causal, allowed?.Contiguous()).Apply(query);
    }
}
