using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Optimization.Plugins;

/// <summary>Schedules by name: functions of the update, and beside them those that answer a metric.</summary>
public sealed class ScheduleRegistry : DefinitionTable<ScheduleDefinition>
{
    internal ScheduleRegistry(
        IReadOnlyList<(string Name, ScheduleDefinition Definition, PluginManifest Plugin)> rows,
        IReadOnlyList<(string Name, MetricScheduleDefinition Definition, PluginManifest Plugin)> metricDriven)
        : base(rows) => MetricDriven = new(metricDriven);

    /// <summary>Those that answer a measured number. No name is in both.</summary>
    public MetricScheduleRegistry MetricDriven { get; }

    private protected override string Kind => "schedule";

    private protected override string Unknown(string name) => MetricDriven.TryFind(name, out _)
        ? $"'{name}' answers a metric and is no function of the update: it belongs to a trainer."
        : $"There is no schedule '{name}'. {Nearest.Suggest(name, Names.Concat(MetricDriven.Names))}";
}
