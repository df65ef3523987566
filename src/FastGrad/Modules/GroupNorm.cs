using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Group normalization of [N, C, …]: each example's groups of channels by their own mean and variance. Wu, He 2018, <see href="https://arxiv.org/abs/1803.08494"/>.</summary>
/// <remarks>Parameters <c>weight</c> (ones at first) and <c>bias</c> (zeros) [channels]. As torch.nn.GroupNorm.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GroupNorm<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _epsilon;
    private readonly Parameter<T>? _weight, _bias;

    /// <summary>A group normalization.</summary>
    /// <param name="groups">The number of groups, a divisor of the channels.</param>
    /// <param name="channels">The number of channels, at least 1.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="affine">Whether there is a weight and a bias.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        NormArguments.Check([channels], epsilon);
        if (channels % groups != 0)
            throw new ArgumentException($"{channels} channels in {groups} groups; expected a divisor of the channels.", nameof(groups));
        (Groups, Channels, _epsilon) = (groups, channels, epsilon);
        if (affine)
        {
            _weight = Declare("weight", [channels], ParameterRole.Norm, Initializers.Constant(T.One));
            _bias = Declare("bias", [channels], ParameterRole.Norm, Initializers.Zeros<T>());
        }
    }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>The number of channels.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Groups}, {Channels}, {_epsilon})");

    /// <summary>The normalized batch, in the input's shape.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">The weight has no values yet.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank < 2 || x.Shape[1] != Channels)
            throw new ArgumentException($"Group norm of {Channels} channels got an input of shape {x.Shape}; expected [N, {Channels}, ...].", nameof(x));
        return x.GroupNorm(Groups, _weight?.Tensor, _bias?.Tensor, _epsilon);
    }
}
