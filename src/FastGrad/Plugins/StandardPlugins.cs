using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Minimizers;
using FastGrad.Plugins.Modern;
using FastGrad.Plugins.Schedules;

namespace FastGrad.Plugins;

/// <summary>The plugins that come with FastGrad.</summary>
public static class StandardPlugins
{
    /// <summary>The plugins themselves, for registries of one's own and for containers.</summary>
    public static IEnumerable<IFastGradPlugin> All
    {
        get
        {
            yield return new FirstOrderPlugin();
            yield return new ModernPlugin();
            yield return new SchedulesPlugin();
            yield return new MinimizersPlugin();
        }
    }
}

/// <summary><c>OptimizerRegistry.Standard</c>: optimizers by name without a container.</summary>
public static class StandardOptimizers
{
    private static readonly OptimizerRegistry Optimizers = new PluginRegistry(StandardPlugins.All).Optimizers;

    extension(OptimizerRegistry)
    {
        /// <summary>The optimizers that come with FastGrad.</summary>
        public static OptimizerRegistry Standard => Optimizers;
    }
}

/// <summary><c>ScheduleRegistry.Standard</c>: schedules by name without a container.</summary>
public static class StandardSchedules
{
    private static readonly ScheduleRegistry Schedules = new PluginRegistry(StandardPlugins.All).Schedules;

    extension(ScheduleRegistry)
    {
        /// <summary>The schedules that come with FastGrad.</summary>
        public static ScheduleRegistry Standard => Schedules;
    }
}

/// <summary><c>WrapperRegistry.Standard</c>: wrappers by name without a container.</summary>
public static class StandardWrappers
{
    private static readonly WrapperRegistry Wrappers = new PluginRegistry(StandardPlugins.All).Wrappers;

    extension(WrapperRegistry)
    {
        /// <summary>The wrappers that come with FastGrad.</summary>
        public static WrapperRegistry Standard => Wrappers;
    }
}

/// <summary><c>MinimizerRegistry.Standard</c>: minimizers by name without a container.</summary>
public static class StandardMinimizers
{
    private static readonly MinimizerRegistry Minimizers = new PluginRegistry(StandardPlugins.All).Minimizers;

    extension(MinimizerRegistry)
    {
        /// <summary>The minimizers that come with FastGrad.</summary>
        public static MinimizerRegistry Standard => Minimizers;
    }
}
