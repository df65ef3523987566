using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>½(log v + (m − y)²/v) of a mean m and a variance v that are both predicted. Mean over all elements.</summary>
/// <remarks>
/// The prediction's last axis holds the means in its first half, the variances in its second. Variances are held at ε and more, and no
/// gradient flows where that happens. Not convex in m and v together. <paramref name="full"/> adds ½log 2π. As torch.nn.GaussianNLLLoss, but for the
/// held variances: there PyTorch lets the gradient at ε through.
/// Nix and Weigend 1994.
/// </remarks>
/// <exception cref="ArgumentOutOfRangeException">ε is not positive and finite.</exception>
/// <param name="full">Whether to add the constant.</param>
/// <param name="epsilon">The least variance ε.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GaussianNll<T>(bool full = false, double epsilon = 1e-6, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _epsilon = T.CreateTruncating(ArgumentGuard.Positive(epsilon));

    /// <inheritdoc/>
    public override string Name => "gaussian-nll";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotConvex;

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element of the target.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Values is not { } values)
            throw new ArgumentException($"{Name} compares with numbers (a Tensor<{typeof(T).Name}>), but got {target}.", nameof(target));
        if (values.Rank == 0 || prediction.Rank != values.Rank || prediction.Shape != Shape.Create([.. values.Shape.Axes[..^1], 2 * values.Shape[-1]]))
            throw new ArgumentException($"{Name}: the prediction has shape {prediction.Shape} for a target of shape {values.Shape}; expected means and variances side by side, twice as many along the last axis.", nameof(target));
        int half = values.Shape[-1];
        Tensor<T> mean = prediction.Slice(-1, 0, half), variance = prediction.Slice(-1, half, half).Maximum(Tensor.Scalar(_epsilon));
        Tensor<T> terms = T.CreateTruncating(0.5) * (variance.Log() + mean.Zip(values, default(SquaredError<T>)) / variance);
        return full ? terms + T.CreateTruncating(0.918938533204672741780) : terms; // ½log 2π
    }
}
