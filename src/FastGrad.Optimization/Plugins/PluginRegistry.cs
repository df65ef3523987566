using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Optimization.Plugins;

/// <summary>The plugins in use and what they brought. Adding is atomic; reading is safe from several threads.</summary>
public sealed class PluginRegistry
{
    private readonly Lock _adding = new();
    private volatile Content _content = new([], [], [], [], [], []);

    /// <summary>A registry with these plugins.</summary>
    /// <exception cref="ArgumentException">A plugin is refused; see <see cref="Add"/>.</exception>
    public PluginRegistry(params IEnumerable<IFastGradPlugin> plugins) => Add(plugins);

    /// <summary>The plugins, in order of registration.</summary>
    public IReadOnlyList<PluginManifest> Plugins => _content.Plugins;

    /// <summary>The optimizers at this moment.</summary>
    public OptimizerRegistry Optimizers => new(_content.Optimizers);

    /// <summary>The schedules at this moment.</summary>
    public ScheduleRegistry Schedules => new(_content.Schedules, _content.MetricSchedules);

    /// <summary>The wrappers at this moment.</summary>
    public WrapperRegistry Wrappers => new(_content.Wrappers);

    /// <summary>The minimizers at this moment.</summary>
    public MinimizerRegistry Minimizers => new(_content.Minimizers);

    /// <summary>Adds plugins with all they register, or nothing of any of them.</summary>
    /// <exception cref="PluginClashException">A plugin is already there, or brings a name that is taken; the text names both parties.</exception>
    /// <exception cref="ArgumentException">A plugin was written for another contract.</exception>
    /// <remarks>An exception of a plugin's own passes through unchanged.</remarks>
    public void Add(params IEnumerable<IFastGradPlugin> plugins)
    {
        ArgumentNullException.ThrowIfNull(plugins);
        lock (_adding)
        {
            Content content = _content;
            foreach (IFastGradPlugin plugin in plugins)
                content = With(content, plugin);
            _content = content; // the only change, and the last thing done
        }
    }

    private static Content With(Content before, IFastGradPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        PluginManifest manifest = plugin.Manifest;
        if (manifest.Contract != PluginManifest.ContractVersion)
            throw new ArgumentException(
                $"Plugin '{manifest.Name}' {manifest.Version} was written for contract {manifest.Contract}; expected {PluginManifest.ContractVersion}.", nameof(plugin));
        if (before.Plugins.Find(p => string.Equals(p.Name, manifest.Name, StringComparison.OrdinalIgnoreCase)) is { } present)
            throw new PluginClashException($"Plugin '{manifest.Name}' {manifest.Version} is registered already, as version {present.Version}.", manifest, present);
        Draft draft = new(before, manifest);
        plugin.Register(draft);
        return draft.Finish();
    }

    private sealed record Content(
        List<PluginManifest> Plugins,
        List<(string Name, OptimizerDefinition Definition, PluginManifest Plugin)> Optimizers,
        List<(string Name, ScheduleDefinition Definition, PluginManifest Plugin)> Schedules,
        List<(string Name, MetricScheduleDefinition Definition, PluginManifest Plugin)> MetricSchedules,
        List<(string Name, WrapperDefinition Definition, PluginManifest Plugin)> Wrappers,
        List<(string Name, Minimizer Definition, PluginManifest Plugin)> Minimizers);

    private sealed class Draft(Content before, PluginManifest plugin) : IPluginRegistry
    {
        private readonly Content _after = new([.. before.Plugins, plugin], [.. before.Optimizers], [.. before.Schedules], [.. before.MetricSchedules], [.. before.Wrappers], [.. before.Minimizers]);
        private bool _finished;

        public void Add(OptimizerDefinition optimizer)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            Insert(_after.Optimizers, optimizer.Name, optimizer, "Optimizer");
        }

        public void Add(ScheduleDefinition schedule)
        {
            ArgumentNullException.ThrowIfNull(schedule);
            Free(_after.MetricSchedules, schedule.Name, "Schedule");
            Insert(_after.Schedules, schedule.Name, schedule, "Schedule");
        }

        public void Add(MetricScheduleDefinition schedule)
        {
            ArgumentNullException.ThrowIfNull(schedule);
            Free(_after.Schedules, schedule.Name, "Schedule");
            Insert(_after.MetricSchedules, schedule.Name, schedule, "Schedule");
        }

        public void Add(WrapperDefinition wrapper)
        {
            ArgumentNullException.ThrowIfNull(wrapper);
            Insert(_after.Wrappers, wrapper.Name, wrapper, "Wrapper");
        }

        public void Add(Minimizer minimizer)
        {
            ArgumentNullException.ThrowIfNull(minimizer);
            Insert(_after.Minimizers, minimizer.Name, minimizer, "Minimizer");
        }

        public Content Finish()
        {
            _finished = true;
            return _after;
        }

        private void Insert<TDefinition>(List<(string Name, TDefinition Definition, PluginManifest Plugin)> rows, string name, TDefinition definition, string kind)
        {
            if (_finished)
                throw new InvalidOperationException($"Plugin '{plugin.Name}' registers '{name}' after its registration has ended.");
            Free(rows, name, kind);
            rows.Add((name, definition, plugin));
        }

        private void Free<TDefinition>(List<(string Name, TDefinition Definition, PluginManifest Plugin)> rows, string name, string kind)
        {
            int taken = rows.FindIndex(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));
            if (taken >= 0)
                throw new PluginClashException($"{kind} '{name}' of plugin '{plugin.Name}' is taken by plugin '{rows[taken].Plugin.Name}'.", plugin, rows[taken].Plugin);
        }
    }
}
