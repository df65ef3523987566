using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;

namespace FastGrad.Tests.Training;

/// <summary>Every optimizer that comes with the project.</summary>
internal static class Optimizers
{
    public static OptimizerRegistry All { get; } = new PluginRegistry([new FirstOrderPlugin(), new ModernPlugin()]).Optimizers;
}
