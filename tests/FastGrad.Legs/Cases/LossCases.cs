using System.Numerics;
using FastGrad.Kernels.Losses;
using static FastGrad.Legs.Cases.ElementwiseCases;

namespace FastGrad.Legs.Cases;

/// <summary>The operators of losses: values, and gradients written and added, over the whole format.</summary>
internal static class LossCases
{
    public static IEnumerable<Case> All() => [.. In<float>("float"), .. In<double>("double")];

    private static IEnumerable<Case> In<T>(string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new($"huber_term.{type}", digest => Single<HuberTerm<T>, T>(digest, new(T.One))),
        new($"smooth_l1_term.{type}", digest => Single<SmoothL1Term<T>, T>(digest, new(T.One))),
        new($"log_cosh_term.{type}", digest => Single<LogCoshTerm<T>, T>(digest, new())),
        new($"pinball_term.{type}", digest => Single<PinballTerm<T>, T>(digest, new(T.CreateTruncating(0.3)))),
        new($"hinge_term.{type}", digest => Single<HingeTerm<T>, T>(digest, new(T.One))),
        new($"squared_hinge_term.{type}", digest => Single<SquaredHingeTerm<T>, T>(digest, new(T.One))),
        new($"squared_error.{type}", digest => Pair<SquaredError<T>, T>(digest, new())),
        new($"of_difference.{type}", digest => Pair<OfDifference<LogCoshTerm<T>, T>, T>(digest, new())),
        new($"of_product.{type}", digest => Pair<OfProduct<HingeTerm<T>, T>, T>(digest, new(new(T.One)))),
        new($"bce_with_logits.{type}", digest => Pair<BceWithLogits<T>, T>(digest, new())),
        new($"weighted_bce_with_logits.{type}", digest => Pair<WeightedBceWithLogits<T>, T>(digest, new(T.CreateTruncating(3)))),
        new($"binary_cross_entropy_term.{type}", digest => Pair<BinaryCrossEntropyTerm<T>, T>(digest, new())),
        new($"poisson_log_rate_term.{type}", digest => Pair<PoissonLogRateTerm<T>, T>(digest, new())),
        new($"poisson_rate_term.{type}", digest => Pair<PoissonRateTerm<T>, T>(digest, new(T.CreateTruncating(1e-8)))),
        new($"kl_term.{type}", digest => Pair<KlTerm<T>, T>(digest, new())),
        new($"kl_log_term.{type}", digest => Pair<KlLogTerm<T>, T>(digest, new())),
        new($"focal_term.{type}", digest => Pair<FocalTerm<T>, T>(digest, new(T.CreateTruncating(2), T.CreateTruncating(0.25)))),
    ];
}
