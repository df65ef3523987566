using FastGrad.Optimization.Schedules;

namespace FastGrad.Optimization.Plugins;

/// <summary>Metric schedules by name.</summary>
public sealed class MetricScheduleRegistry : DefinitionTable<MetricScheduleDefinition>
{
    internal MetricScheduleRegistry(IReadOnlyList<(string Name, MetricScheduleDefinition Definition, PluginManifest Plugin)> rows)
        : base(rows)
    {
    }

    private protected override string Kind => "metric schedule";
}
