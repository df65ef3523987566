using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Attention of several heads between projections: x […, time, width] gives […, time, width]. Vaswani et al. 2017, section 3.2.2.</summary>
/// <remarks>
/// Parameters as torch.nn.MultiheadAttention has them: <c>in_proj_weight</c> [3·width, width] (queries, keys, values; Xavier uniform),
/// <c>in_proj_bias</c> [3·width] (0), <c>out_proj.weight</c> [width, width], <c>out_proj.bias</c> [width] (0). Batches come first. The attention
/// weights are not returned, and never stored, unless they have dropout in training (child <c>dropout</c>, see <see cref="Dropout{T}"/>).
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MultiHeadAttention<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight;
    private readonly Parameter<T>? _bias;
    private readonly Linear<T> _output;
    private readonly Dropout<T>? _dropout;

    /// <summary>Attention of <paramref name="heads"/> heads.</summary>
    /// <param name="width">The elements of a position.</param>
    /// <param name="heads">The number of heads, which divides the width.</param>
    /// <param name="causal">Whether a position sees itself and earlier ones only.</param>
    /// <param name="bias">Whether the projections add biases.</param>
    /// <param name="dropout">That an attention weight becomes 0 in training: from 0 up to, not including, 1.</param>
    /// <param name="seed">What the masks come from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    public MultiHeadAttention(int width, int heads, bool causal = false, bool bias = true, double dropout = 0, ulong seed = 0)
        : this(width, heads, causal, bias, dropout, seed, 0)
    {
    }

    /// <summary>One of several in a module that has one seed.</summary>
    internal MultiHeadAttention(int width, int heads, bool causal, bool bias, double dropout, ulong seed, int place)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        if (width % heads != 0)
            throw new ArgumentException($"{heads} heads of a width of {width}; expected heads that divide it.", nameof(heads));
        (Width, Heads, IsCausal) = (width, heads, causal);
        _weight = Declare("in_proj_weight", [3 * width, width], ParameterRole.Weight, Initializers.XavierUniform<T>());
        if (bias)
            _bias = Declare("in_proj_bias", [3 * width], ParameterRole.Bias, Initializers.Zeros<T>());
        _output = Child("out_proj", new Linear<T>(width, width, bias, biasInitializer: Initializers.Zeros<T>()));
        DropoutArguments.Check(dropout);
        if (dropout > 0)
            _dropout = Child("dropout", new Dropout<T>(dropout, seed, place));
    }

    /// <summary>The elements of a position.</summary>
    public int Width { get; }

    /// <summary>The number of heads.</summary>
    public int Heads { get; }

    /// <summary>Whether a position sees itself and earlier ones only.</summary>
    public bool IsCausal { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>Self-attention.</summary>
    public override Tensor<T> Forward(Tensor<T> x) => Forward(x, allowed: null);

    /// <summary>Self-attention where only some keys count.</summary>
    /// <param name="x">[…, time, width].</param>
    /// <param name="allowed">True where a key counts, broadcast to [batch, heads, time, time]; null for everywhere.</param>
    /// <param name="keyPadding">True where a key is padding, and does not count: [batch, time], as torch's key_padding_mask; null for none.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Tensor<T> Forward(Tensor<T> x, Tensor<bool>? allowed, Tensor<bool>? keyPadding = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor<T> fused = x.Linear(_weight.Tensor, _bias?.Tensor);
        allowed = Counting(allowed, keyPadding, x.Rank > 2 ? x.Length / (x.Shape[-2] * Width) : 1, x.Rank > 1 ? x.Shape[-2] : 1);
        if (_dropout?.Draw() is not { } draw)
            return _output.Invoke(fused.PackedAttention(Heads, IsCausal, allowed));
        Tensor<T>[] parts = [.. fused.Reshape([x.Length / (x.Shape[-2] * Width), x.Shape[-2], 3 * Width]).Split(Width, -1).Select(Apart)];
        return _output.Invoke(Together(parts[0].ScaledDotProductAttention(parts[1], parts[2], allowed: allowed, causal: IsCausal, dropout: _dropout.Probability, draw: draw), x.Shape));
    }

    /// <summary>Attention of queries to the keys and values of another sequence.</summary>
    /// <param name="query">[batch, time, width].</param>
    /// <param name="memory">[batch, keys, width].</param>
    /// <param name="allowed">True where a key counts, broadcast to [batch, heads, time, keys]; null for everywhere.</param>
    /// <param name="keyPadding">True where a key is padding, and does not count: [batch, keys]; null for none.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Tensor<T> Forward(Tensor<T> query, Tensor<T> memory, Tensor<bool>? allowed = null, Tensor<bool>? keyPadding = null)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return Attend(query, memory, memory, allowed, keyPadding);
    }

    /// <summary>Attention of queries to keys, for the sum of values.</summary>
    /// <param name="query">[batch, time, width].</param>
    /// <param name="key">[batch, keys, width].</param>
    /// <param name="value">[batch, keys, width].</param>
    /// <param name="allowed">True where a key counts, broadcast to [batch, heads, time, keys]; null for everywhere.</param>
    /// <param name="keyPadding">True where a key is padding, and does not count: [batch, keys]; null for none.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Tensor<T> Attend(Tensor<T> query, Tensor<T> key, Tensor<T> value, Tensor<bool>? allowed = null, Tensor<bool>? keyPadding = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Tensor<T> q = Apart(Project(query, 0)), k = Apart(Project(key, 1)), v = Apart(Project(value, 2));
        allowed = Counting(allowed, keyPadding, key.Shape[0], key.Shape[1]);
        DropoutDraw? draw = _dropout?.Draw();
        Tensor<T> y = q.ScaledDotProductAttention(k, v, allowed: allowed, causal: IsCausal, dropout: draw is null ? 0 : _dropout!.Probability, draw: draw);
        return _output.Invoke(Together(y, query.Shape));
    }

    // Both masks as one of where keys count.
    private static Tensor<bool>? Counting(Tensor<bool>? allowed, Tensor<bool>? keyPadding, int batch, int keys)
    {
        if (keyPadding is null)
            return allowed;
        if (keyPadding.Rank is not (1 or 2) || keyPadding.Shape[-1] != keys || keyPadding.Length != batch * keys)
            throw new ArgumentException($"A padding mask of shape {keyPadding.Shape} for {batch} sequences of {keys} keys; expected [{batch}, {keys}].", nameof(keyPadding));
        Tensor<bool> counting = keyPadding.Not().Reshape([batch, 1, 1, keys]);
        return allowed is null ? counting : allowed.And(counting);
    }

    private static Tensor<T> Together(Tensor<T> y, Shape shape) => y.Permute(0, 2, 1, 3).Reshape(shape);

    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Heads}{(IsCausal ? ", causal" : "")})");

    private Tensor<T> Project(Tensor<T> x, int part) =>
        x.Linear(_weight.Tensor.Slice(0, part * Width, Width), _bias?.Tensor.Slice(0, part * Width, Width));

    private Tensor<T> Apart(Tensor<T> x)
    {
        if (x.Rank != 3)
            throw new ArgumentException($"Attention between sequences got shape {x.Shape}; expected [batch, time, width].", nameof(x));
        return x.Reshape([x.Shape[0], x.Shape[1], Heads, Width / Heads]).Permute(0, 2, 1, 3);
    }
}
