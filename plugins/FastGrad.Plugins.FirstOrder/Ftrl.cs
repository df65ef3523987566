using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>FTRL-proximal: σ = (√(n + u²) − √n)/α; z ← z + u − σθ; n ← n + u²; θ = 0 where |z| ≤ λ₁, else −(z − sign(z)λ₁)/((β + √n)/α + λ₂).</summary>
/// <remarks>
/// McMahan et al. 2013, "Ad Click Prediction: a View from the Trenches", KDD, algorithm 1: Adagrad's step with weights that are exactly
/// zero. Deviation: the paper's weights begin at zero; here z begins so that the formula gives the weights there are (which is z = 0 where
/// they are zero), or a network's initial weights would be lost in one step.
/// </remarks>
public sealed class Ftrl : OptimizerDefinition<FtrlOptions>
{
    /// <inheritdoc/>
    public override string Name => "ftrl";

    /// <inheritdoc/>
    public override string Source => "McMahan et al. 2013, KDD, doi:10.1145/2487575.2488200";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<FtrlOptions> Options => FtrlOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, FtrlOptions> Single(OptimizerConfiguration<FtrlOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, FtrlOptions> Double(OptimizerConfiguration<FtrlOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(FtrlOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g, constant = o.Beta / o.LearningRate + o.L2;
            if (t == 1)
                s[0] = -x * constant - Math.Sign(x) * o.L1;
            double sigma = (Math.Sqrt(s[1] + u * u) - Math.Sqrt(s[1])) / o.LearningRate;
            s[0] += u - sigma * x;
            s[1] += u * u;
            return Math.Abs(s[0]) <= o.L1 ? 0 : -(s[0] - Math.Sign(s[0]) * o.L1) / (Math.Sqrt(s[1]) / o.LearningRate + constant);
        });

    private static UpdateMethod<T, FtrlOptions> Method<T>(OptimizerConfiguration<FtrlOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, FtrlOptions>.Method(["z", "n"], static (o, t) => Chain<T>.Of(new Orient<T>(o.Maximize), new Proximal<T>(o, first: t == 1)));

    private readonly struct Proximal<T>(FtrlOptions o, bool first) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _inverseRate = T.CreateTruncating(1 / o.LearningRate), _l1 = T.CreateTruncating(o.L1);
        private readonly T _constant = T.CreateTruncating(o.Beta / o.LearningRate + o.L2);
        private readonly bool _first = first;

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V inverseRate = V.Create(_inverseRate), constant = V.Create(_constant), l1 = V.Create(_l1), before = slots[1];
            V sum = V.FusedMultiplyAdd(update, update, before), root = V.Sqrt(sum);
            V z = _first ? -V.FusedMultiplyAdd(parameter, constant, Signs.Of<V, T>(parameter) * l1) : slots[0];
            z += update - (root - V.Sqrt(before)) * inverseRate * parameter;
            slots[0] = z;
            slots[1] = sum;
            V weight = (Signs.Of<V, T>(z) * l1 - z) / V.FusedMultiplyAdd(root, inverseRate, constant);
            return V.Select(V.LessThanOrEqual(V.Abs(z), l1), V.Create(T.Zero), weight);
        }
    }
}

/// <summary>The options of <see cref="Ftrl"/>.</summary>
public sealed record FtrlOptions
{
    /// <summary>α, the step size. Default 0.1.</summary>
    public double LearningRate { get; set; } = 0.1;

    /// <summary>β, added to the root of the sum. Default 1.</summary>
    public double Beta { get; set; } = 1;

    /// <summary>λ₁, the bound of |z| below which a weight is zero. Default 0.</summary>
    public double L1 { get; set; }

    /// <summary>λ₂, quadratic regularization. Default 0.</summary>
    public double L2 { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<FtrlOptions> Table { get; } = new OptionTable<FtrlOptions>("ftrl")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.Positive, "step size α", OptionMeaning.LearningRate)
        .Real("beta", o => o.Beta, (o, v) => o.Beta = v, OptionRange.NonNegative, "β, added to the root of the sum")
        .Real("l1", o => o.L1, (o, v) => o.L1 = v, OptionRange.NonNegative, "λ₁: weights with |z| below it are zero")
        .Real("l2", o => o.L2, (o, v) => o.L2 = v, OptionRange.NonNegative, "quadratic regularization λ₂", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
