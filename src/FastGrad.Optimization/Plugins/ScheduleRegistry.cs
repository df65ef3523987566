using FastGrad.Optimization.Schedules;

namespace FastGrad.Optimization.Plugins;

/// <summary>Schedules by name.</summary>
public sealed class ScheduleRegistry : DefinitionTable<ScheduleDefinition>
{
    internal ScheduleRegistry(IReadOnlyList<(string Name, ScheduleDefinition Definition, PluginManifest Plugin)> rows)
        : base(rows)
    {
    }

    private protected override string Kind => "schedule";
}
