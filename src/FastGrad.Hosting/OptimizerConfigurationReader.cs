using System.Collections.Immutable;
using System.Globalization;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.Wrappers;
using Microsoft.Extensions.Configuration;

namespace FastGrad.Hosting;

/// <summary>Reads an optimizer from configuration, through the option tables: no reflection, every unknown key an error.</summary>
/// <example><code>
/// "encoder": {
///   "name": "adamw",
///   "options": { "lr": 3e-4, "weight_decay": 0.1 },
///   "schedules": { "lr": { "name": "warmup-cosine", "options": { "warmup": 100, "steps": 5000 } } },
///   "wrappers": [ { "name": "centralize" }, { "name": "ema", "options": { "decay": 0.99 } } ],
///   "clip_norm": 1.0,
///   "non_finite": "skip",
///   "no_decay": [ "bias", "norm" ],
///   "groups": [ { "name": "head", "patterns": [ "head.*" ], "options": { "lr": 1e-3 } }, { "name": "rest" } ]
/// }
/// </code></example>
public static class OptimizerConfigurationReader
{
    /// <summary>Reads a section. Wrappers are listed from the innermost out.</summary>
    /// <exception cref="ArgumentException">A key, name or value is unknown or out of range; the text names the section.</exception>
    public static OptimizerFactory Read(IConfigurationSection section, PluginRegistry plugins)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(plugins);
        ScheduleRegistry schedules = plugins.Schedules;
        try
        {
            CheckKeys(section, "name", "options", "schedules", "wrappers", "clip_norm", "clip_value", "non_finite", "no_decay", "groups");
            string name = section["name"] ?? throw new ArgumentException("'name' is missing; expected the name of an optimizer.");
            IConfigurationSection[] groups = [.. section.GetSection("groups").GetChildren()];
            OptimizerSettings settings = new()
            {
                Schedules = Bindings(section.GetSection("schedules"), schedules),
                Wrappers = Wrappers(section.GetSection("wrappers"), plugins.Wrappers),
                ClipNorm = Number(section, "clip_norm"),
                ClipValue = Number(section, "clip_value"),
                NonFinite = section["non_finite"] is { } policy ? Word<NonFinitePolicy>("non_finite", policy) : NonFinitePolicy.Propagate,
                NoDecay = Roles(section.GetSection("no_decay")),
                Groups = groups.Length == 0 ? OptimizerSettings.Default.Groups : [.. groups.Select(g => Group(g, schedules))],
            };
            return new(plugins.Optimizers[name], Values(section.GetSection("options")), settings);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"Configuration '{section.Path}': {error.Message}", nameof(section), error);
        }
    }

    private static ParameterGroup Group(IConfigurationSection section, ScheduleRegistry schedules)
    {
        CheckKeys(section, "name", "patterns", "roles", "options", "schedules");
        string[] patterns = [.. section.GetSection("patterns").GetChildren().Select(p => p.Value ?? "")];
        return new()
        {
            Name = section["name"] ?? throw new ArgumentException($"A group lacks 'name' ({section.Path})."),
            Patterns = patterns.Length == 0 ? ["*"] : [.. patterns],
            Roles = Roles(section.GetSection("roles")),
            Options = Values(section.GetSection("options")),
            Schedules = Bindings(section.GetSection("schedules"), schedules),
        };
    }

    private static ImmutableArray<ScheduleBinding> Bindings(IConfigurationSection section, ScheduleRegistry schedules) =>
    [
        .. section.GetChildren().Select(child =>
        {
            CheckKeys(child, "name", "options");
            string name = child["name"] ?? throw new ArgumentException($"The schedule of '{child.Key}' lacks 'name'.");
            return schedules[name].Bind(child.Key, Values(child.GetSection("options")));
        }),
    ];

    private static ImmutableArray<WrapperBinding> Wrappers(IConfigurationSection section, WrapperRegistry wrappers) =>
    [
        .. section.GetChildren().Select(child =>
        {
            CheckKeys(child, "name", "options");
            string name = child["name"] ?? throw new ArgumentException($"A wrapper lacks 'name' ({child.Path}).");
            return wrappers[name].Bind(Values(child.GetSection("options")));
        }),
    ];

    private static OptionValues Values(IConfigurationSection section) =>
        new(section.GetChildren().Select(c => KeyValuePair.Create(c.Key, c.Value ?? throw new ArgumentException($"'{c.Key}' holds no plain value."))));

    private static ImmutableArray<ParameterRole> Roles(IConfigurationSection section) =>
        [.. section.GetChildren().Select(c => Word<ParameterRole>(section.Key, c.Value ?? ""))];

    private static double? Number(IConfigurationSection section, string key) =>
        section[key] is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : throw new ArgumentException($"'{key}' is '{text}'; expected a number in (0, ∞].");

    private static TWord Word<TWord>(string key, string text)
        where TWord : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out TWord word) && Enum.IsDefined(word)
            ? word
            : throw new ArgumentException($"'{key}' is '{text}'. {Nearest.Suggest(text, Enum.GetNames<TWord>())}");

    private static void CheckKeys(IConfigurationSection section, params string[] known)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException($"There is no key '{child.Key}'. {Nearest.Suggest(child.Key, known)}");
        }
    }
}
