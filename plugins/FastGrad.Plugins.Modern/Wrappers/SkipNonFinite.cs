using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>A step whose gradients hold a NaN or an infinity is left out, up to n times in a row; then it is an error.</summary>
/// <remarks>
/// Micikevicius et al. 2018, arXiv:1710.03740, section 3.2. The setting <c>NonFinite</c> does the same without a bound. The count in a row
/// is state.
/// </remarks>
public sealed class SkipNonFinite() : WrapperDefinition<SkipNonFiniteOptions>(
    "skip-non-finite",
    "Micikevicius et al. 2018, arXiv:1710.03740",
    "steps with a NaN or an infinity are left out",
    SkipNonFiniteOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, SkipNonFiniteOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, SkipNonFiniteOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly SkipNonFiniteOptions _o;
        private readonly IParameter<T>[] _parameters;
        private readonly long[] _skipped;

        public Wrapped(Optimizer<T> inner, SkipNonFiniteOptions o)
            : base("skip-non-finite", inner)
        {
            (_o, _parameters, _skipped) = (o, [.. inner.Parameters], Count("skipped"));
        }

        public override StepReport Step(Objective<T>? objective = null)
        {
            if (GradientClipping.FindNonFinite<T>(_parameters) is not { } culprit)
            {
                _skipped[0] = 0;
                return Inner.Step(objective);
            }
            if (++_skipped[0] > _o.Most)
                throw new ArithmeticException($"{Name}: the gradient of '{culprit}' holds a NaN or an infinity, for the {_skipped[0]}th time in a row.");
            return new(Applied: false, double.NaN, 1);
        }
    }
}

/// <summary>The options of <see cref="SkipNonFinite"/>.</summary>
public sealed record SkipNonFiniteOptions
{
    /// <summary>n, the steps in a row that may be left out. Default 100.</summary>
    public long Most { get; set; } = 100;

    /// <summary>The option table.</summary>
    public static OptionTable<SkipNonFiniteOptions> Table { get; } = new OptionTable<SkipNonFiniteOptions>("skip-non-finite")
        .Integer("max_in_a_row", o => o.Most, (o, v) => o.Most = v, new(1, 1e9), "steps in a row that may be left out");
}
