using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Reductions;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>Gradient centralization: each row of a matrix's gradient loses its mean.</summary>
/// <remarks>
/// Yong et al. 2020, arXiv:2004.01461, equation 1: over all dimensions but the first; vectors and scalars are left alone.
/// </remarks>
public sealed class Centralization() : WrapperDefinition<CentralizationOptions>(
    "centralize",
    "Yong et al. 2020, arXiv:2004.01461",
    "the mean of each row is taken out of the gradient",
    CentralizationOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, CentralizationOptions options) => new Wrapped<float>(inner);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, CentralizationOptions options) => new Wrapped<double>(inner);

    private sealed class Wrapped<T>(Optimizer<T> inner) : OptimizerWrapper<T>("centralize", inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        protected override void BeforeStep()
        {
            foreach (IParameter<T> parameter in Parameters)
            {
                if (parameter.Info.Rank < 2 || parameter.Info.Count == 0 || !parameter.TryGetGradient(out Span<T> gradient))
                    continue;
                int row = parameter.Info.Count / parameter.Info.Shape[0];
                for (int start = 0; start < gradient.Length; start += row)
                {
                    Span<T> line = gradient.Slice(start, row);
                    Unary.Apply(new AddScalar<T>(-Sum.Of<T>(line) / T.CreateTruncating(row)), line, line);
                }
            }
        }
    }
}

/// <summary>The options of <see cref="Centralization"/>: none.</summary>
public sealed record CentralizationOptions
{
    /// <summary>The option table.</summary>
    public static OptionTable<CentralizationOptions> Table { get; } = new("centralize");
}
