using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>A linear map whose weight is a length and a direction for each output: W = g·v/‖v‖. Salimans, Kingma 2016, <see href="https://arxiv.org/abs/1602.07868"/>, eq. 2.</summary>
/// <remarks>
/// <see cref="Linear{T}"/> with <see cref="WeightNormalization"/>, which convolutions have too, as one module. Parameters <c>weight_g</c> [out, 1], <c>weight_v</c> [out, in] and,
/// unless left out, <c>bias</c> [out]: the names of torch.nn.utils.weight_norm on a linear map. At first v is uniform on ±1/√in and g = ‖v‖, so that W = v. A row of v must not be 0.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class WeightNorm<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NormalizedWeight<T> _weight;
    private readonly Parameter<T>? _bias;

    /// <summary>A linear map.</summary>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="outputs">The number of outputs, at least 1.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public WeightNorm(int inputs, int outputs, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        (Inputs, Outputs) = (inputs, outputs);
        T bound = T.CreateTruncating(1 / Math.Sqrt(inputs));
        IInitializer<T> uniform = Initializers.Uniform(-bound, bound);
        _weight = new("weight", new("weight", [outputs, inputs], ParameterRole.Weight, uniform), uniform, axis: 0);
        Share("weight_g", _weight.Length);
        Share("weight_v", _weight.Direction);
        if (bias)
            _bias = Declare("bias", [outputs], ParameterRole.Bias, uniform);
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of outputs.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Inputs}, {Outputs})");

    /// <summary>x·Wᵀ + b over the last axis.</summary>
    /// <exception cref="ArgumentException">The last axis has another length than the inputs.</exception>
    /// <exception cref="InvalidOperationException">A parameter has no values yet.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Linear(_weight.Value, _bias?.Tensor);
    }
}
