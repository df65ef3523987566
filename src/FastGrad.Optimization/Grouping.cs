using System.Collections.Immutable;
using System.Numerics;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Optimization;

/// <summary>Which parameter belongs to which group, and what a group's options and schedules are.</summary>
internal static class Grouping
{
    /// <summary>The index of each parameter's group.</summary>
    public static int[] Assign<T>(string optimizer, IParameter<T>[] parameters, ImmutableArray<ParameterGroup> groups)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parameters.Length == 0)
            throw new ArgumentException($"{optimizer}: no parameters; expected at least one.", nameof(parameters));
        if (groups.GroupBy(g => g.Name).FirstOrDefault(g => g.Count() > 1) is { } sameGroup)
            throw new ArgumentException($"{optimizer}: two groups are named '{sameGroup.Key}'.", nameof(groups));
        if (groups.Any(g => g.Name == "optimizer"))
            throw new ArgumentException($"{optimizer}: no group can be named 'optimizer'; its state would bear the name of the optimizer's own, '@optimizer'.", nameof(groups));
        if (parameters.GroupBy(p => p.Info.Name).FirstOrDefault(p => p.Count() > 1) is { } same)
            throw new ArgumentException($"{optimizer}: {same.Count()} parameters are named '{same.Key}'; names must differ.", nameof(parameters));
        foreach (IParameter<T> parameter in parameters)
        {
            if (parameter.Value.Length != parameter.Info.Count)
                throw new ArgumentException($"{optimizer}: parameter '{parameter.Info}' gives {parameter.Value.Length} values; expected {parameter.Info.Count}.", nameof(parameters));
        }

        List<ParameterGroup> ordered = [.. groups];
        int[] membership = [.. parameters.Select(p => ordered.FindIndex(g => g.Matches(p.Info)))];
        string[] unmatched = [.. parameters.Where((_, i) => membership[i] < 0).Select(p => $"'{p.Info}'")];
        if (unmatched.Length > 0)
            throw new ArgumentException(
                $"{optimizer}: no group matches {string.Join(", ", unmatched)}; groups: "
                + string.Join("; ", groups.Select(g => $"{g.Name} ({string.Join(", ", g.Patterns)}{string.Concat(g.Roles.Select(r => $" {r}"))})")) + ".",
                nameof(groups));
        return membership;
    }

    public static OptimizerGroup<TOptions> Create<TOptions>(
        OptionTable<TOptions> table, ParameterGroup declared, TOptions options, OptimizerSettings settings, ParameterInfo[] members)
        where TOptions : class, new()
    {
        TOptions own = table.With(options, declared.Options);
        Dictionary<OptionEntry<TOptions>, ISchedule> schedules = [];
        foreach (ScheduleBinding binding in settings.Schedules.Concat(declared.Schedules)) // the group's own come last and replace
        {
            OptionEntry<TOptions> entry = table.Find(binding.Option);
            if (!entry.CanSchedule)
                throw new ArgumentException($"{table.Owner}: option '{entry.Name}' expects {entry.Expected}; only real numbers can be scheduled.", nameof(settings));
            schedules[entry] = binding.Create(entry.GetNumber(own));
        }
        return new(declared.Name, members, table, own, [.. schedules.Select(s => (s.Key, s.Value))]);
    }
}
