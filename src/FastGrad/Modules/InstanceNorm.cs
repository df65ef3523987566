using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Instance normalization of [N, C, L…]: each channel of each example by its own mean and variance. Ulyanov, Vedaldi, Lempitsky 2016, <see href="https://arxiv.org/abs/1607.08022"/>.</summary>
/// <remarks>
/// With <c>affine</c>, which is off by default as in PyTorch: parameters <c>weight</c> (ones at first) and <c>bias</c> (zeros) [channels]. For any number of
/// axes, as torch.nn.InstanceNorm1d, 2d and 3d. With <c>trackRunningStats</c>, off by default too: buffers <c>running_mean</c>, <c>running_var</c> [channels] and
/// <c>num_batches_tracked</c> []. In training they move towards the mean over the batch of the examples' means and unbiased variances; in evaluation mode they normalize.
/// Deviation: the number of batches is counted, where PyTorch leaves it at 0.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class InstanceNorm<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _epsilon;
    private readonly Parameter<T>? _weight, _bias;
    private readonly Tensor<T>? _mean, _variance;
    private readonly RunningStatistics<T>? _running;

    /// <summary>An instance normalization.</summary>
    /// <param name="channels">The number of channels, at least 1.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="affine">Whether there is a weight and a bias.</param>
    /// <param name="trackRunningStats">Whether there are running statistics.</param>
    /// <param name="momentum">What a batch weighs in the running statistics.</param>
    /// <exception cref="ArgumentException">There is no channel.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0, or the momentum not from 0 to 1.</exception>
    public InstanceNorm(int channels, double epsilon = 1e-5, bool affine = false, bool trackRunningStats = false, double momentum = 0.1)
    {
        if (!(momentum is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Expected a momentum from 0 to 1.");
        NormArguments.Check([channels], epsilon);
        (Channels, _epsilon) = (channels, epsilon);
        if (affine)
        {
            _weight = Declare("weight", [channels], ParameterRole.Norm, Initializers.Constant(T.One));
            _bias = Declare("bias", [channels], ParameterRole.Norm, Initializers.Zeros<T>());
        }
        if (trackRunningStats)
        {
            _mean = Buffer("running_mean", Tensor.Zeros<T>([channels]));
            _variance = Buffer("running_var", Tensor.Ones<T>([channels]));
            _running = new(_mean, _variance, CountBuffer("num_batches_tracked"), momentum);
        }
    }

    /// <summary>The number of channels.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Channels}, {_epsilon}{(_running is null ? "" : ", running")})");

    /// <summary>The normalized batch, in the input's shape.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit, or a channel has a single element.</exception>
    /// <exception cref="InvalidOperationException">The weight has no values yet.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank < 3 || x.Shape[1] != Channels)
            throw new ArgumentException($"Instance norm of {Channels} channels got an input of shape {x.Shape}; expected [N, {Channels}, L, ...].", nameof(x));
        if (!IsTraining && _running is not null)
            return x.BatchNorm(_mean!, _variance!, _weight?.Tensor, _bias?.Tensor, _epsilon);
        if (x.Length == x.Shape[0] * Channels)
            throw new ArgumentException($"Instance norm of shape {x.Shape}: one element for each channel has no variance; expected more.", nameof(x));
        if (_running is not null)
            Follow(_running, x.Detach());
        return x.InstanceNorm(_weight?.Tensor, _bias?.Tensor, _epsilon);
    }

    // Each example's statistics count the same.
    private static void Follow(RunningStatistics<T> running, Tensor<T> x)
    {
        using NoGrad off = new();
        Tensor<T> elements = x.Reshape([x.Shape[0], x.Shape[1], x.Length / (x.Shape[0] * x.Shape[1])]);
        running.Move(elements.Mean([2]).Mean([0]), elements.Var([2], correction: 0).Mean([0]), elements.Shape[2]);
    }
}
