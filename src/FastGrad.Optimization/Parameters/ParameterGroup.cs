using System.Collections.Immutable;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Optimization.Parameters;

/// <summary>Which parameters form a group, and how their hyperparameters differ from the optimizer's options.</summary>
/// <remarks>A parameter belongs to the first group that matches it; one that no group matches is an error.</remarks>
public sealed record ParameterGroup
{
    /// <summary>The group of all parameters.</summary>
    public static ParameterGroup Everything { get; } = new() { Name = "all" };

    /// <summary>The group's name, for listings and error messages.</summary>
    public required string Name { get; init; }

    /// <summary>Globs on the parameters' names, of which one must match: <c>*</c> is any characters, <c>?</c> one.</summary>
    public ImmutableArray<string> Patterns { get; init; } = ["*"];

    /// <summary>The roles that belong here; empty for all.</summary>
    public ImmutableArray<ParameterRole> Roles { get; init; } = [];

    /// <summary>Options that differ in this group, by name.</summary>
    public OptionValues Options { get; init; } = [];

    /// <summary>Schedules of this group. They replace the optimizer's schedules of the same option.</summary>
    public ImmutableArray<ScheduleBinding> Schedules { get; init; } = [];

    /// <summary>Whether the parameter belongs here.</summary>
    public bool Matches(ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return (Roles.IsEmpty || Roles.Contains(parameter.Role)) && Patterns.Any(p => NamePattern.Matches(p, parameter.Name));
    }

    /// <summary>Groups with layer-wise rates: the last layer has the rate itself, each earlier one that of its successor times <paramref name="decay"/>.</summary>
    /// <remarks>Howard and Ruder 2018, arXiv:1801.06146, section 3.2 (discriminative fine-tuning).</remarks>
    /// <param name="rate">The rate of the last layer.</param>
    /// <param name="decay">The factor from a layer to the one before it.</param>
    /// <param name="patterns">A pattern of names for each layer, from the input to the output.</param>
    /// <param name="option">The option that is the rate.</param>
    public static ImmutableArray<ParameterGroup> Layers(double rate, double decay, IReadOnlyList<string> patterns, string option = "lr")
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ParameterGroup[] groups = new ParameterGroup[patterns.Count];
        for (int layer = patterns.Count - 1; layer >= 0; layer--, rate *= decay)
            groups[layer] = new() { Name = $"layer{layer}", Patterns = [patterns[layer]], Options = new() { { option, rate } } };
        return [.. groups];
    }
}
