using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Batch normalization of channels: y = (x − μ)/√(σ² + ε)·w + b. Ioffe, Szegedy 2015, <see href="https://arxiv.org/abs/1502.03167"/>.</summary>
/// <remarks>
/// <para>
/// In training μ and σ² are the batch's, with the biased variance, and the running ones move: r ← (1 − m)·r + m·s, where s for the variance is the
/// unbiased one. In evaluation mode the running ones normalize. As torch.nn.BatchNorm.
/// </para>
/// <para>
/// Parameters <c>weight</c> and <c>bias</c> [channels], buffers <c>running_mean</c>, <c>running_var</c> [channels] and <c>num_batches_tracked</c> [].
/// The count is a 64-bit integer in files, as PyTorch's; in memory it is of the model's element type, so in float it stays at 2²⁴ when it gets there.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class BatchNorm<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _epsilon;
    private readonly RunningStatistics<T>? _running, _averages;
    private readonly Parameter<T>? _weight, _bias;
    private readonly Tensor<T>? _mean, _variance, _batches;

    /// <summary>A batch normalization.</summary>
    /// <param name="channels">The number of channels, at least 1.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="momentum">m, what a batch weighs in the running statistics; null for their plain mean over all batches.</param>
    /// <param name="affine">Whether there is a weight and a bias.</param>
    /// <param name="trackRunningStats">Whether there are running statistics; else the batch's are used in evaluation mode too.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    private protected BatchNorm(int channels, double epsilon, double? momentum, bool affine, bool trackRunningStats)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        if (momentum is { } m && m is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Expected a momentum from 0 to 1, or null.");
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
            _batches = CountBuffer("num_batches_tracked");
            _running = new(_mean, _variance, _batches, momentum);
            _averages = new(_mean, _variance, _batches, momentum: null);
        }
    }

    /// <summary>The number of channels.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Channels}, {_epsilon}{(_mean is null ? ", batch" : "")})");

    /// <summary>The normalized batch, in the input's shape.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit, or in training there is a single value for each channel.</exception>
    /// <exception cref="InvalidOperationException">The weight has no values yet.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!Accepts(x.Rank) || x.Shape[1] != Channels)
            throw new ArgumentException($"Batch norm of {Channels} channels got an input of shape {x.Shape}; expected {Expected}.", nameof(x));
        if (!IsTraining && _mean is not null)
            return x.BatchNorm(_mean, _variance!, _weight?.Tensor, _bias?.Tensor, _epsilon);
        int count = x.Length / Channels;
        if (IsTraining && count < 2)
            throw new ArgumentException($"Batch norm of shape {x.Shape} in training: one value for each channel has no variance; expected more examples, or evaluation mode.", nameof(x));
        Tensor<T> y = x.BatchNorm(_weight?.Tensor, _bias?.Tensor, out Tensor<T> mean, out Tensor<T> variance, _epsilon);
        if (IsTraining && _running is not null)
            (Averages ? _averages! : _running).Move(mean, variance, count);
        return y;
    }

    /// <summary>Whether there are running statistics.</summary>
    internal bool HasRunningStatistics => _running is not null;

    /// <summary>Whether the running statistics are the plain means over batches for now.</summary>
    internal bool Averages { get; set; }

    /// <summary>Forgets the running statistics.</summary>
    public void ResetRunningStats()
    {
        _mean?.AsSpan().Clear();
        _variance?.AsSpan().Fill(T.One);
        _batches?.AsSpan().Clear();
    }

    /// <summary>Whether an input may have this many axes.</summary>
    private protected abstract bool Accepts(int rank);

    /// <summary>The shapes that are expected, for messages.</summary>
    private protected abstract string Expected { get; }
}

/// <summary>Batch normalization of [N, C] or [N, C, L]: see <see cref="BatchNorm{T}"/>.</summary>
/// <param name="channels">The number of channels, at least 1.</param>
/// <param name="epsilon">ε, above 0.</param>
/// <param name="momentum">What a batch weighs in the running statistics; null for their plain mean over all batches.</param>
/// <param name="affine">Whether there is a weight and a bias.</param>
/// <param name="trackRunningStats">Whether there are running statistics.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BatchNorm1d<T>(int channels, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    : BatchNorm<T>(channels, epsilon, momentum, affine, trackRunningStats)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override string Expected => $"[N, {Channels}] or [N, {Channels}, L]";

    private protected override bool Accepts(int rank) => rank is 2 or 3;
}

/// <summary>Batch normalization of [N, C, H, W]: see <see cref="BatchNorm{T}"/>.</summary>
/// <param name="channels">The number of channels, at least 1.</param>
/// <param name="epsilon">ε, above 0.</param>
/// <param name="momentum">What a batch weighs in the running statistics; null for their plain mean over all batches.</param>
/// <param name="affine">Whether there is a weight and a bias.</param>
/// <param name="trackRunningStats">Whether there are running statistics.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BatchNorm2d<T>(int channels, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    : BatchNorm<T>(channels, epsilon, momentum, affine, trackRunningStats)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override string Expected => $"[N, {Channels}, H, W]";

    private protected override bool Accepts(int rank) => rank == 4;
}
