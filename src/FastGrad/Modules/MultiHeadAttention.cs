using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Attention of several heads between projections: x […, time, width] gives […, time, width]. Vaswani et al. 2017, section 3.2.2.</summary>
/// <remarks>
/// Parameters as torch.nn.MultiheadAttention has them: <c>in_proj_weight</c> [3·width, width] (queries, keys, values; Xavier uniform),
/// <c>in_proj_bias</c> [3·width] (0), <c>out_proj.weight</c> [width, width], <c>out_proj.bias</c> [width] (0). Batches come first. The attention
/// weights are never stored, so they have no dropout and are not returned: a deviation from PyTorch.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MultiHeadAttention<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight;
    private readonly Parameter<T>? _bias;
    private readonly Linear<T> _output;

    /// <summary>Attention of <paramref name="heads"/> heads.</summary>
    /// <param name="width">The elements of a position.</param>
    /// <param name="heads">The number of heads, which divides the width.</param>
    /// <param name="causal">Whether a position sees itself and earlier ones only.</param>
    /// <param name="bias">Whether the projections add biases.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    public MultiHeadAttention(int width, int heads, bool causal = false, bool bias = true)
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
    public Tensor<T> Forward(Tensor<T> x, Tensor<bool>? allowed)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _output.Invoke(x.Linear(_weight.Tensor, _bias?.Tensor).PackedAttention(Heads, IsCausal, allowed));
    }

    /// <summary>Attention of queries to the keys and values of another sequence.</summary>
    /// <param name="query">[batch, time, width].</param>
    /// <param name="memory">[batch, keys, width].</param>
    /// <param name="allowed">True where a key counts, broadcast to [batch, heads, time, keys]; null for everywhere.</param>
    public Tensor<T> Forward(Tensor<T> query, Tensor<T> memory, Tensor<bool>? allowed = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(memory);
        Tensor<T> q = Apart(Project(query, 0)), k = Apart(Project(memory, 1)), v = Apart(Project(memory, 2));
        Tensor<T> y = q.ScaledDotProductAttention(k, v, allowed: allowed, causal: IsCausal);
        return _output.Invoke(y.Permute(0, 2, 1, 3).Reshape(query.Shape));
    }

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
