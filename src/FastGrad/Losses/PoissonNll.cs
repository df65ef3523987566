using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>The negative log likelihood of counts y ≥ 0: eᵖ − y·p from the log rate p, or p − y·log(p + ε) from the rate. Mean over all elements.</summary>
/// <remarks>
/// Convex in p, without a bound on its curvature. The term log y! does not depend on p; <paramref name="full"/> adds Stirling's
/// y·log y − y + ½log(2πy) for y &gt; 1. As torch.nn.PoissonNLLLoss.
/// </remarks>
/// <exception cref="ArgumentOutOfRangeException">ε is not positive and finite.</exception>
/// <param name="logRate">Whether the prediction is the logarithm of the rate.</param>
/// <param name="full">Whether to add Stirling's term.</param>
/// <param name="epsilon">What keeps the logarithm of a rate of 0 finite.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PoissonNll<T>(bool logRate = true, bool full = false, double epsilon = 1e-8, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _epsilon = T.CreateTruncating(ArgumentGuard.Positive(epsilon));

    /// <inheritdoc/>
    public override string Name => "poisson-nll";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotSmooth;

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        Tensor<T> counts = Values(prediction, target);
        Tensor<T> terms = logRate ? prediction.Zip(counts, default(PoissonLogRateTerm<T>)) : prediction.Zip(counts, new PoissonRateTerm<T>(_epsilon));
        return full ? terms + Stirling(counts) : terms;
    }

    private static Tensor<T> Stirling(Tensor<T> counts)
    {
        Tensor<T> one = Tensor.Scalar(T.One), safe = counts.Maximum(one);
        Tensor<T> stirling = safe * safe.Log() - safe + T.CreateTruncating(0.5) * (T.Tau * safe).Log();
        return new TernaryPrimitive<Select<T>, T>(default).Apply(counts.Zip(one, default(GreaterThan<T>)), stirling, Tensor.Scalar(T.Zero));
    }
}
