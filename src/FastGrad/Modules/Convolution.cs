using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>What the four convolution modules share: parameters, options, first values.</summary>
/// <remarks>
/// Parameters: <c>weight</c> and, unless left out, <c>bias</c> [out]. Both are uniform on ±1/√fan_in unless an initializer is given, as in
/// PyTorch, where fan_in is the number of the weight's elements by its first axis' length.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Convolution<T> : Module<T>, IWeightNormalizable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight;
    private readonly Parameter<T>? _bias;
    private NormalizedWeight<T>? _normalized;

    private protected Convolution(
        int inputs, int outputs, PerAxis kernel, int rank, bool transposed, ConvOptions? options, bool bias, IInitializer<T>? weightInitializer, IInitializer<T>? biasInitializer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank == 2 ? Math.Min(kernel.Rows, kernel.Columns) : kernel.Columns, 1, nameof(kernel));
        Options = options ?? ConvOptions.Default;
        int groups = Options.Groups;
        if (groups < 1 || inputs % groups != 0 || outputs % groups != 0)
            throw new ArgumentException($"{groups} groups of {inputs} input and {outputs} output channels; expected a divisor of both.", nameof(options));
        (Inputs, Outputs, Kernel) = (inputs, outputs, kernel);
        (int first, int second) = transposed ? (inputs, outputs / groups) : (outputs, inputs / groups);
        Shape shape = rank == 2 ? [first, second, kernel.Rows, kernel.Columns] : [first, second, kernel.Columns];
        T bound = T.CreateTruncating(1 / Math.Sqrt(shape.Length / first));
        IInitializer<T> standard = Initializers.Uniform(-bound, bound);
        _weight = Declare("weight", shape, ParameterRole.Weight, weightInitializer ?? standard);
        if (bias)
            _bias = Declare("bias", [outputs], ParameterRole.Bias, biasInitializer ?? standard);
    }

    /// <summary>The number of input channels.</summary>
    public int Inputs { get; }

    /// <summary>The number of output channels.</summary>
    public int Outputs { get; }

    /// <summary>The kernel's size.</summary>
    public PerAxis Kernel { get; }

    /// <summary>Stride, padding, dilation, groups.</summary>
    public ConvOptions Options { get; }

    /// <summary>The weight; after <see cref="WeightNormalization"/> its directions <c>weight_v</c>.</summary>
    public Parameter<T> Weight => _normalized?.Direction ?? _weight;

    /// <summary>The weight's values.</summary>
    private protected Tensor<T> Taps => _normalized?.Value ?? _weight.Tensor;

    /// <summary>The bias [out], or null.</summary>
    public Parameter<T>? Bias => _bias;

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    internal override string Attributes =>
        $"(stride {Options.Stride}, padding {Options.Padding}, dilation {Options.Dilation}, groups {Options.Groups}, output padding {Options.OutputPadding}{(_normalized is null ? "" : $", {_normalized}")})";

    void IWeightNormalizable.NormalizeWeight(int? axis)
    {
        if (_normalized is not null)
            throw new InvalidOperationException($"The convolution of {Inputs} to {Outputs} channels has a {_normalized} already; expected it once.");
        _normalized = new("weight", _weight, _weight.Initializer, axis);
        Replace(_weight, ("weight_g", _normalized.Length), ("weight_v", _normalized.Direction));
    }
}

/// <summary>y = x ⋆ w + b over one axis: x [batch, in, columns], weight [out, in/groups, kernel], y [batch, out, columns].</summary>
/// <inheritdoc cref="Convolution{T}"/>
public sealed class Conv1d<T> : Convolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A convolution over one axis.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Kernel positions.</param>
    /// <param name="options">Stride, padding, dilation, groups; null for the defaults.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="weightInitializer">The weight's first values; null for the default.</param>
    /// <param name="biasInitializer">The bias's first values; null for the default.</param>
    /// <exception cref="ArgumentException">A number is below 1, or the groups do not divide the channels.</exception>
    public Conv1d(int inputs, int outputs, int kernel, ConvOptions? options = null, bool bias = true, IInitializer<T>? weightInitializer = null, IInitializer<T>? biasInitializer = null)
        : base(inputs, outputs, kernel, 1, transposed: false, options, bias, weightInitializer, biasInitializer)
    {
    }

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Conv(Taps, Bias?.Tensor, Options);
    }
}

/// <summary>y = x ⋆ w + b over two axes: x [batch, in, rows, columns], weight [out, in/groups, rows, columns], y [batch, out, rows, columns].</summary>
/// <inheritdoc cref="Convolution{T}"/>
public sealed class Conv2d<T> : Convolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A convolution over two axes.</summary>
    /// <inheritdoc cref="Conv1d{T}(int, int, int, ConvOptions, bool, IInitializer{T}, IInitializer{T})"/>
    public Conv2d(int inputs, int outputs, PerAxis kernel, ConvOptions? options = null, bool bias = true, IInitializer<T>? weightInitializer = null, IInitializer<T>? biasInitializer = null)
        : base(inputs, outputs, kernel, 2, transposed: false, options, bias, weightInitializer, biasInitializer)
    {
    }

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Conv(Taps, Bias?.Tensor, Options);
    }
}

/// <summary>The transpose of a convolution over one axis, plus b: x [batch, in, columns], weight [in, out/groups, kernel], y [batch, out, columns].</summary>
/// <inheritdoc cref="Convolution{T}"/>
public sealed class ConvTransposed1d<T> : Convolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A transposed convolution over one axis.</summary>
    /// <inheritdoc cref="Conv1d{T}(int, int, int, ConvOptions, bool, IInitializer{T}, IInitializer{T})"/>
    public ConvTransposed1d(int inputs, int outputs, int kernel, ConvOptions? options = null, bool bias = true, IInitializer<T>? weightInitializer = null, IInitializer<T>? biasInitializer = null)
        : base(inputs, outputs, kernel, 1, transposed: true, options, bias, weightInitializer, biasInitializer)
    {
    }

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.ConvTransposed(Taps, Bias?.Tensor, Options);
    }
}

/// <summary>The transpose of a convolution over two axes, plus b: x [batch, in, rows, columns], weight [in, out/groups, rows, columns], y [batch, out, rows, columns].</summary>
/// <inheritdoc cref="Convolution{T}"/>
public sealed class ConvTransposed2d<T> : Convolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A transposed convolution over two axes.</summary>
    /// <inheritdoc cref="Conv1d{T}(int, int, int, ConvOptions, bool, IInitializer{T}, IInitializer{T})"/>
    public ConvTransposed2d(int inputs, int outputs, PerAxis kernel, ConvOptions? options = null, bool bias = true, IInitializer<T>? weightInitializer = null, IInitializer<T>? biasInitializer = null)
        : base(inputs, outputs, kernel, 2, transposed: true, options, bias, weightInitializer, biasInitializer)
    {
    }

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.ConvTransposed(Taps, Bias?.Tensor, Options);
    }
}
