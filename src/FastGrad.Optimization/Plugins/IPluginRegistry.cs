using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Optimization.Plugins;

/// <summary>What a plugin adds its definitions to.</summary>
public interface IPluginRegistry
{
    /// <summary>Adds an optimizer.</summary>
    void Add(OptimizerDefinition optimizer);

    /// <summary>Adds a schedule.</summary>
    void Add(ScheduleDefinition schedule);

    /// <summary>Adds a schedule that answers a metric; its name must differ from those of all schedules.</summary>
    void Add(MetricScheduleDefinition schedule);

    /// <summary>Adds a wrapper.</summary>
    void Add(WrapperDefinition wrapper);

    /// <summary>Adds a minimizer.</summary>
    void Add(Minimizer minimizer);
}
