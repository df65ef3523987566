using FastGrad.Optimization.Schedules;

namespace FastGrad.Optimization.Plugins;

/// <summary>What a plugin adds its definitions to.</summary>
public interface IPluginRegistry
{
    /// <summary>Adds an optimizer.</summary>
    void Add(OptimizerDefinition optimizer);

    /// <summary>Adds a schedule.</summary>
    void Add(ScheduleDefinition schedule);
}
