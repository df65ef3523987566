using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Instance normalization of [N, C, L…]: each channel of each example by its own mean and variance. Ulyanov, Vedaldi, Lempitsky 2016, <see href="https://arxiv.org/abs/1607.08022"/>.</summary>
/// <remarks>
/// With <c>affine</c>, which is off by default as in PyTorch: parameters <c>weight</c> (ones at first) and <c>bias</c> (zeros) [channels]. For any number of
/// axes, as torch.nn.InstanceNorm1d, 2d and 3d without running statistics.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class InstanceNorm<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _epsilon;
    private readonly Parameter<T>? _weight, _bias;

    /// <summary>An instance normalization.</summary>
    /// <param name="channels">The number of channels, at least 1.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="affine">Whether there is a weight and a bias.</param>
    /// <exception cref="ArgumentException">There is no channel.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0.</exception>
    public InstanceNorm(int channels, double epsilon = 1e-5, bool affine = false)
    {
        NormArguments.Check([channels], epsilon);
        (Channels, _epsilon) = (channels, epsilon);
        if (affine)
        {
            _weight = Declare("weight", [channels], ParameterRole.Norm, Initializers.Constant(T.One));
            _bias = Declare("bias", [channels], ParameterRole.Norm, Initializers.Zeros<T>());
        }
    }

    /// <summary>The number of channels.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Channels}, {_epsilon})");

    /// <summary>The normalized batch, in the input's shape.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit, or a channel has a single element.</exception>
    /// <exception cref="InvalidOperationException">The weight has no values yet.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank < 3 || x.Shape[1] != Channels)
            throw new ArgumentException($"Instance norm of {Channels} channels got an input of shape {x.Shape}; expected [N, {Channels}, L, ...].", nameof(x));
        if (x.Length == x.Shape[0] * Channels)
            throw new ArgumentException($"Instance norm of shape {x.Shape}: one element for each channel has no variance; expected more.", nameof(x));
        return x.InstanceNorm(_weight?.Tensor, _bias?.Tensor, _epsilon);
    }
}
