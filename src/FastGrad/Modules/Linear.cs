using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>y = x·Wᵀ + b: inputs [rows, in], outputs [rows, out].</summary>
/// <remarks>Parameters: <c>weight</c> [out, in] and, unless left out, <c>bias</c> [out]. Both are uniform on ±1/√in unless an initializer is given, as in PyTorch.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Linear<T> : Module<T>, IWeightNormalizable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight;
    private readonly Parameter<T>? _bias;
    private NormalizedWeight<T>? _normalized;

    /// <summary>A linear map.</summary>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="outputs">The number of outputs, at least 1.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="weightInitializer">The weight's first values; null for the default.</param>
    /// <param name="biasInitializer">The bias's first values; null for the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Linear(int inputs, int outputs, bool bias = true, IInitializer<T>? weightInitializer = null, IInitializer<T>? biasInitializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        (Inputs, Outputs) = (inputs, outputs);
        T bound = T.CreateTruncating(1 / Math.Sqrt(inputs));
        IInitializer<T> standard = Initializers.Uniform(-bound, bound);
        _weight = Declare("weight", [outputs, inputs], ParameterRole.Weight, weightInitializer ?? standard);
        if (bias)
            _bias = Declare("bias", [outputs], ParameterRole.Bias, biasInitializer ?? standard);
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>W [out, in]; after <see cref="WeightNormalization"/> its directions <c>weight_v</c>.</summary>
    public Parameter<T> Weight => _normalized?.Direction ?? _weight;

    /// <summary>b [out], or null.</summary>
    public Parameter<T>? Bias => _bias;

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    internal override string Attributes => _normalized is null ? "" : $"({_normalized})";

    void IWeightNormalizable.NormalizeWeight(int? axis)
    {
        if (_normalized is not null)
            throw new InvalidOperationException($"The linear map of {Inputs} inputs and {Outputs} outputs has a {_normalized} already; expected it once.");
        _normalized = new("weight", _weight, _weight.Initializer, axis);
        Replace(_weight, ("weight_g", _normalized.Length), ("weight_v", _normalized.Direction));
    }

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Linear(_normalized?.Value ?? _weight.Tensor, _bias?.Tensor);
    }
}
