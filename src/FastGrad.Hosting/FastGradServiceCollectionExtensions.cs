using FastGrad.Hosting;
using FastGrad.Optimization;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.Wrappers;
using FastGrad.Plugins;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>FastGrad in a container.</summary>
public static class FastGradServiceCollectionExtensions
{
    /// <summary>Adds the standard plugins, the registries, and every optimizer, schedule and wrapper by name. Calling it again adds nothing.</summary>
    /// <remarks>
    /// The container hands out what has no state: <see cref="OptimizerRegistry"/>, <see cref="ScheduleRegistry"/>, <see
    /// cref="WrapperRegistry"/>, <see cref="MinimizerRegistry"/>, and by key (the name) <see cref="OptimizerDefinition"/>, <see cref="ScheduleDefinition"/>, <see
    /// cref="MetricScheduleDefinition"/>, <see cref="WrapperDefinition"/>, <see cref="Minimizer"/> and <see cref="OptimizerFactory"/>. What a factory creates belongs to whoever asked for it.
    /// </remarks>
    public static FastGradBuilder AddFastGrad(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.FirstOrDefault(s => s.ServiceType == typeof(FastGradBuilder)) is { ImplementationInstance: FastGradBuilder present })
            return present;

        FastGradBuilder builder = new(services);
        foreach (IFastGradPlugin plugin in StandardPlugins.All)
            builder.AddPlugin(plugin);
        services.AddSingleton(builder);
        services.TryAddSingleton(_ => builder.BuildRegistry());
        services.TryAddSingleton(provider => provider.GetRequiredService<PluginRegistry>().Optimizers);
        services.TryAddSingleton(provider => provider.GetRequiredService<PluginRegistry>().Schedules);
        services.TryAddSingleton(provider => provider.GetRequiredService<PluginRegistry>().Wrappers);
        services.TryAddSingleton(provider => provider.GetRequiredService<PluginRegistry>().Minimizers);
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<OptimizerRegistry>()[Name(key)]);
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<ScheduleRegistry>()[Name(key)]);
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<ScheduleRegistry>().MetricDriven[Name(key)]);
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<WrapperRegistry>()[Name(key)]);
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<MinimizerRegistry>()[Name(key)]);
        services.AddKeyedSingleton(
            KeyedService.AnyKey, (provider, key) => new OptimizerFactory(provider.GetRequiredService<OptimizerRegistry>()[Name(key)]));
        return builder;
    }

    private static string Name(object? key) =>
        key as string ?? throw new ArgumentException($"The key is {key ?? "null"}; expected a name.", nameof(key));
}
