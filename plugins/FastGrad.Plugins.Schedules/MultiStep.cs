using System.Collections.Immutable;
using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·γᵏ, k the number of milestones that are at most t.</summary>
/// <remarks>
/// PyTorch's MultiStepLR. A milestone that is given twice counts twice.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="milestones">The updates from which γ is multiplied, in rising order.</param>
/// <param name="gamma">γ.</param>
public sealed class MultiStep(double value, ImmutableArray<long> milestones, double gamma) : ISchedule
{
    /// <summary>The definition, by the name <c>multi-step</c>.</summary>
    public static ScheduleDefinition<MultiStepOptions> Definition { get; } = new(
        "multi-step",
        "v(t) = v0·gamma^(milestones ≤ t)",
        "PyTorch 2.10, MultiStepLR",
        MultiStepOptions.Table,
        (v, o) => new MultiStep(v, o.Milestones, o.Gamma));

    /// <inheritdoc/>
    public double At(long step) => value * Pow<double>.At(gamma, milestones.Count(m => m <= step));
}

/// <summary>The options of <see cref="MultiStep"/>.</summary>
public sealed record MultiStepOptions
{
    /// <summary>The updates from which γ is multiplied, in rising order. Default none.</summary>
    public ImmutableArray<long> Milestones { get; set; } = [];

    /// <summary>γ. Default 0.1.</summary>
    public double Gamma { get; set; } = 0.1;

    /// <summary>The option table.</summary>
    public static OptionTable<MultiStepOptions> Table { get; } = new OptionTable<MultiStepOptions>("multi-step")
        .Integers("milestones", o => o.Milestones, (o, v) => o.Milestones = v, "updates from which gamma is multiplied")
        .Real("gamma", o => o.Gamma, (o, v) => o.Gamma = v, OptionRange.NonNegative, "factor γ of a change");
}
