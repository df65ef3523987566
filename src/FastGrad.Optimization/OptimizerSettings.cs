using System.Collections.Immutable;
using System.Numerics;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Optimization;

/// <summary>What surrounds every optimizer alike: groups, schedules, clipping, decay masks, the policy for bad gradients.</summary>
public sealed record OptimizerSettings
{
    /// <summary>One group of all parameters, no schedule, no clipping.</summary>
    public static OptimizerSettings Default { get; } = new();

    /// <summary>The groups; a parameter belongs to the first that matches.</summary>
    public ImmutableArray<ParameterGroup> Groups { get; init; } = [ParameterGroup.Everything];

    /// <summary>Schedules of every group that does not have its own for the option.</summary>
    public ImmutableArray<ScheduleBinding> Schedules { get; init; } = [];

    /// <summary>Roles without weight decay, such as biases and norms.</summary>
    public ImmutableArray<ParameterRole> NoDecay { get; init; } = [];

    /// <summary>The largest Euclidean norm of all gradients together; null for no bound. Value clipping comes first.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The largest absolute value of a gradient's element; null for no bound.</summary>
    public double? ClipValue { get; init; }

    /// <summary>Whether to report the gradients' norm where no clipping asks for it.</summary>
    public bool MeasureNorm { get; init; }

    /// <summary>What to do with a gradient that holds a NaN or an infinity.</summary>
    public NonFinitePolicy NonFinite { get; init; }

    /// <summary>What is put around the optimizer at its creation, the innermost first.</summary>
    public ImmutableArray<WrapperBinding> Wrappers { get; init; } = [];

    internal Optimizer<T> Wrap<T>(Optimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (WrapperBinding wrapper in Wrappers)
            optimizer = wrapper.Definition.Wrap(optimizer, wrapper.Values);
        return optimizer;
    }

    internal void Check()
    {
        if (Groups.IsDefaultOrEmpty)
            throw new ArgumentException("Settings have no parameter group; expected at least one.", nameof(Groups));
        if (ClipNorm is not (null or > 0))
            throw new ArgumentException($"ClipNorm is {ClipNorm}; expected a number in (0, ∞].", nameof(ClipNorm));
        if (ClipValue is not (null or > 0))
            throw new ArgumentException($"ClipValue is {ClipValue}; expected a number in (0, ∞].", nameof(ClipValue));
    }
}
