using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>What encoder and decoder blocks share: attention and a small network at each position, each inside a residual, with layer norms.</summary>
/// <remarks>
/// <para>
/// Pre-norm (Xiong et al. 2020, "On layer normalization in the transformer architecture"): x += attention(norm1(x)); x += linear2(activation(linear1(norm2(x)))). Post-norm
/// (Vaswani et al. 2017): x = norm1(x + attention(x)), and so on. Parameter names are torch.nn.TransformerEncoderLayer's: <c>norm1</c>, <c>norm2</c>, <c>self_attn</c>,
/// <c>linear1</c>, <c>linear2</c>, here in this order. PyTorch's layer is post-norm with ReLU and dropout 0.1 unless told otherwise; these are pre-norm with GELU and
/// no dropout.
/// </para>
/// <para>
/// Dropout, in training, is on the attention weights (<c>self_attn.dropout</c>), on what each residual adds (<c>dropout1</c>, <c>dropout2</c>) and after the activation
/// (<c>dropout</c>), from one seed. Blocks of one model need different seeds.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class TransformerBlock<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerNorm<T> _norm1, _norm2;
    private readonly LayerNorm<T>? _norm3;
    private readonly MultiHeadAttention<T> _attention;
    private readonly MultiHeadAttention<T>? _memory;
    private readonly Linear<T> _linear1, _linear2;
    private readonly Module<T> _activation;
    private readonly Dropout<T>? _inside, _dropout1, _dropout2, _dropout3;
    private readonly bool _normFirst;

    private protected TransformerBlock(int width, int heads, int hidden, bool causal, Module<T>? activation, double dropout, ulong seed, bool normFirst, bool memory)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hidden);
        DropoutArguments.Check(dropout);
        if (hidden == 0)
            hidden = 4 * width;
        _normFirst = normFirst;
        _norm1 = Child("norm1", new LayerNorm<T>([width]));
        _norm2 = Child("norm2", new LayerNorm<T>([width]));
        _norm3 = memory ? Child("norm3", new LayerNorm<T>([width])) : null;
        _attention = Child("self_attn", new MultiHeadAttention<T>(width, heads, causal, bias: true, dropout, seed, 0));
        _memory = memory ? Child("multihead_attn", new MultiHeadAttention<T>(width, heads, causal: false, bias: true, dropout, seed, 1)) : null;
        _linear1 = Child("linear1", new Linear<T>(width, hidden));
        _activation = Child("activation", activation ?? new Gelu<T>());
        _linear2 = Child("linear2", new Linear<T>(hidden, width));
        if (dropout == 0)
            return;
        _inside = Child("dropout", new Dropout<T>(dropout, seed, 2));
        _dropout1 = Child("dropout1", new Dropout<T>(dropout, seed, 3));
        _dropout2 = Child("dropout2", new Dropout<T>(dropout, seed, 4));
        _dropout3 = memory ? Child("dropout3", new Dropout<T>(dropout, seed, 5)) : null;
    }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>Whether it attends to a second sequence.</summary>
    private protected bool HasMemory => _memory is not null;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x) => Forward(x, allowed: null);

    /// <summary>The block where only some keys count.</summary>
    /// <param name="x">[…, time, width].</param>
    /// <param name="allowed">True where a key counts, broadcast to [batch, heads, time, time]; null for everywhere.</param>
    /// <param name="keyPadding">True where a key is padding, and does not count: [batch, time]; null for none.</param>
    public Tensor<T> Forward(Tensor<T> x, Tensor<bool>? allowed, Tensor<bool>? keyPadding = null)
    {
        if (HasMemory)
            throw new InvalidOperationException("A decoder block with attention to a memory got one sequence; expected Forward(x, memory).");
        return Run(x, null, allowed, keyPadding, null, null);
    }

    internal override string Attributes => _normFirst ? "" : string.Create(CultureInfo.InvariantCulture, $"(post-norm)");

    private protected Tensor<T> Run(Tensor<T> x, Tensor<T>? memory, Tensor<bool>? allowed, Tensor<bool>? keyPadding, Tensor<bool>? memoryAllowed, Tensor<bool>? memoryKeyPadding)
    {
        ArgumentNullException.ThrowIfNull(x);
        x = Add(x, _norm1, _dropout1, y => _attention.Forward(y, allowed, keyPadding));
        if (memory is not null)
            x = Add(x, _norm2, _dropout2, y => _memory!.Forward(y, memory, memoryAllowed, memoryKeyPadding));
        return Add(x, _norm3 ?? _norm2, _dropout3 ?? _dropout2, y =>
        {
            Tensor<T> inner = _activation.Invoke(_linear1.Invoke(y));
            return _linear2.Invoke(_inside?.Invoke(inner) ?? inner);
        });
    }

    private Tensor<T> Add(Tensor<T> x, LayerNorm<T> norm, Dropout<T>? dropout, Func<Tensor<T>, Tensor<T>> part)
    {
        Tensor<T> y = part(_normFirst ? norm.Invoke(x) : x);
        y = x + (dropout?.Invoke(y) ?? y);
        return _normFirst ? y : norm.Invoke(y);
    }
}

/// <summary>A transformer block in which every position sees every other; otherwise as <see cref="TransformerBlock{T}"/> says.</summary>
/// <param name="width">The elements of a position.</param>
/// <param name="heads">The number of heads, which divides the width.</param>
/// <param name="hidden">The elements inside the network at each position; 0 for 4·width.</param>
/// <param name="activation">The network's activation; null for GELU.</param>
/// <param name="dropout">That an element becomes 0 in training: from 0 up to, not including, 1.</param>
/// <param name="seed">What the masks come from.</param>
/// <param name="normFirst">Whether norms come first in each residual; else last.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TransformerEncoderBlock<T>(int width, int heads, int hidden = 0, Module<T>? activation = null, double dropout = 0, ulong seed = 0, bool normFirst = true)
    : TransformerBlock<T>(width, heads, hidden, causal: false, activation, dropout, seed, normFirst, memory: false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A causal transformer block: a position sees itself and earlier ones; otherwise as <see cref="TransformerBlock{T}"/> says.</summary>
/// <remarks>
/// As language models stack them, or, with a memory, as translation does: between the two parts stands attention to a second sequence, with the names of
/// torch.nn.TransformerDecoderLayer: <c>multihead_attn</c>, its norm <c>norm2</c>, and <c>norm3</c> for the network.
/// </remarks>
/// <param name="width">The elements of a position.</param>
/// <param name="heads">The number of heads, which divides the width.</param>
/// <param name="hidden">The elements inside the network at each position; 0 for 4·width.</param>
/// <param name="activation">The network's activation; null for GELU.</param>
/// <param name="dropout">That an element becomes 0 in training: from 0 up to, not including, 1.</param>
/// <param name="seed">What the masks come from.</param>
/// <param name="normFirst">Whether norms come first in each residual; else last.</param>
/// <param name="memory">Whether there is attention to a second sequence.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TransformerDecoderBlock<T>(
    int width, int heads, int hidden = 0, Module<T>? activation = null, double dropout = 0, ulong seed = 0, bool normFirst = true, bool memory = false)
    : TransformerBlock<T>(width, heads, hidden, causal: true, activation, dropout, seed, normFirst, memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The block with attention to a second sequence.</summary>
    /// <param name="x">[batch, time, width].</param>
    /// <param name="memory">[batch, keys, width], such as an encoder's output.</param>
    /// <param name="allowed">True where a position of x counts, broadcast to [batch, heads, time, time]; null for everywhere.</param>
    /// <param name="keyPadding">True where a position of x is padding: [batch, time]; null for none.</param>
    /// <param name="memoryAllowed">True where a position of the memory counts, broadcast to [batch, heads, time, keys]; null for everywhere.</param>
    /// <param name="memoryKeyPadding">True where a position of the memory is padding: [batch, keys]; null for none.</param>
    /// <exception cref="InvalidOperationException">The block was made without attention to a memory.</exception>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Tensor<T> Forward(
        Tensor<T> x, Tensor<T> memory, Tensor<bool>? allowed = null, Tensor<bool>? keyPadding = null, Tensor<bool>? memoryAllowed = null, Tensor<bool>? memoryKeyPadding = null)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return HasMemory
            ? Run(x, memory, allowed, keyPadding, memoryAllowed, memoryKeyPadding)
            : throw new InvalidOperationException("A decoder block without attention to a memory got one; expected memory: true when it is made.");
    }
}
