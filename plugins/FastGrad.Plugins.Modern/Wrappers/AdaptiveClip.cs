using System.Numerics;
using FastGrad.Kernels.Reductions;
using FastGrad.Optimization;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>Adaptive clipping: a row of the gradient whose norm exceeds λ·max(‖θ‖, ε), θ its weights, is scaled down to that.</summary>
/// <remarks>
/// Brock et al. 2021, arXiv:2102.06171, equation 3: rows are units (all dimensions but the first); of vectors and scalars each element is
/// one.
/// </remarks>
public sealed class AdaptiveClip() : WrapperDefinition<AdaptiveClipOptions>(
    "clip-adaptive",
    "Brock et al. 2021, arXiv:2102.06171",
    "the gradient of each unit is bounded by the size of its weights",
    AdaptiveClipOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, AdaptiveClipOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, AdaptiveClipOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T>(Optimizer<T> inner, AdaptiveClipOptions o) : OptimizerWrapper<T>("clip-adaptive", inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        protected override void BeforeStep()
        {
            foreach (IParameter<T> parameter in Parameters)
            {
                if (parameter.Info.Count == 0 || !parameter.TryGetGradient(out Span<T> gradient))
                    continue;
                int unit = parameter.Info.Rank < 2 ? 1 : parameter.Info.Count / parameter.Info.Shape[0];
                for (int start = 0; start < gradient.Length; start += unit)
                {
                    Span<T> line = gradient.Slice(start, unit);
                    double bound = o.Bound * Math.Max(o.Epsilon, Length(parameter.Value.Slice(start, unit))), length = Length(line);
                    if (length > bound)
                        SpanRules.Apply(new Blend<T>(0, bound / length), line, line);
                }
            }
        }

        private static double Length(ReadOnlySpan<T> x) => Math.Sqrt(double.CreateTruncating(SumOfSquares.Of(x)));
    }
}

/// <summary>The options of <see cref="AdaptiveClip"/>.</summary>
public sealed record AdaptiveClipOptions
{
    /// <summary>λ. Default 0.01.</summary>
    public double Bound { get; set; } = 0.01;

    /// <summary>ε, the least norm of a unit's weights. Default 1e-3.</summary>
    public double Epsilon { get; set; } = 1e-3;

    /// <summary>The option table.</summary>
    public static OptionTable<AdaptiveClipOptions> Table { get; } = new OptionTable<AdaptiveClipOptions>("clip-adaptive")
        .Real("clipping", o => o.Bound, (o, v) => o.Bound = v, OptionRange.Positive, "bound λ relative to the weights")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.Positive, "least norm of a unit's weights");
}
