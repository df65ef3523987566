using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>What encoder and decoder blocks share: attention and a small network at each position, each inside a residual, with layer norms.</summary>
/// <remarks>
/// Pre-norm (Xiong et al. 2020, "On layer normalization in the transformer architecture"): x += attention(norm1(x)); x += linear2(activation(linear1(norm2(x)))).
/// Parameter names are torch.nn.TransformerEncoderLayer's: <c>norm1</c>, <c>norm2</c>, <c>self_attn</c>, <c>linear1</c>, <c>linear2</c>, here in
/// this order. PyTorch's layer is post-norm with ReLU and dropout 0.1 unless told otherwise; these are pre-norm with GELU and no dropout.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class TransformerBlock<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerNorm<T> _norm1, _norm2;
    private readonly MultiHeadAttention<T> _attention;
    private readonly Linear<T> _linear1, _linear2;
    private readonly Module<T> _activation;

    private protected TransformerBlock(int width, int heads, int hidden, bool causal, Module<T>? activation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hidden);
        if (hidden == 0)
            hidden = 4 * width;
        _norm1 = Child("norm1", new LayerNorm<T>([width]));
        _norm2 = Child("norm2", new LayerNorm<T>([width]));
        _attention = Child("self_attn", new MultiHeadAttention<T>(width, heads, causal));
        _linear1 = Child("linear1", new Linear<T>(width, hidden));
        _activation = Child("activation", activation ?? new Gelu<T>());
        _linear2 = Child("linear2", new Linear<T>(hidden, width));
    }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x) => Forward(x, allowed: null);

    /// <summary>The block where only some keys count.</summary>
    /// <param name="x">[…, time, width].</param>
    /// <param name="allowed">True where a key counts, broadcast to [batch, heads, time, time]; null for everywhere.</param>
    public Tensor<T> Forward(Tensor<T> x, Tensor<bool>? allowed)
    {
        ArgumentNullException.ThrowIfNull(x);
        x += _attention.Forward(_norm1.Invoke(x), allowed);
        return x + _linear2.Invoke(_activation.Invoke(_linear1.Invoke(_norm2.Invoke(x))));
    }
}

/// <summary>A transformer block in which every position sees every other; otherwise as <see cref="TransformerBlock{T}"/> says.</summary>
/// <param name="width">The elements of a position.</param>
/// <param name="heads">The number of heads, which divides the width.</param>
/// <param name="hidden">The elements inside the network at each position; 0 for 4·width.</param>
/// <param name="activation">The network's activation; null for GELU.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TransformerEncoderBlock<T>(int width, int heads, int hidden = 0, Module<T>? activation = null)
    : TransformerBlock<T>(width, heads, hidden, causal: false, activation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A causal transformer block, as language models stack them: a position sees itself and earlier ones; otherwise as <see cref="TransformerBlock{T}"/> says.</summary>
/// <remarks>There is no attention to a second sequence: <see cref="MultiHeadAttention{T}.Forward(Tensor{T}, Tensor{T}, Tensor{bool})"/> is what such a block needs more.</remarks>
/// <param name="width">The elements of a position.</param>
/// <param name="heads">The number of heads, which divides the width.</param>
/// <param name="hidden">The elements inside the network at each position; 0 for 4·width.</param>
/// <param name="activation">The network's activation; null for GELU.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TransformerDecoderBlock<T>(int width, int heads, int hidden = 0, Module<T>? activation = null)
    : TransformerBlock<T>(width, heads, hidden, causal: true, activation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
