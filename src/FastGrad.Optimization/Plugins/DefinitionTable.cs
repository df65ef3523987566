using System.Collections;
using System.Diagnostics.CodeAnalysis;
using FastGrad.Optimization.Options;

namespace FastGrad.Optimization.Plugins;

/// <summary>Definitions by name, in order of registration; case does not matter. Immutable.</summary>
/// <typeparam name="TDefinition">What is defined.</typeparam>
public abstract class DefinitionTable<TDefinition> : IReadOnlyCollection<TDefinition>
    where TDefinition : class
{
    private readonly IReadOnlyList<(string Name, TDefinition Definition, PluginManifest Plugin)> _rows;

    private protected DefinitionTable(IReadOnlyList<(string Name, TDefinition Definition, PluginManifest Plugin)> rows) => _rows = rows;

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => _rows.Select(r => r.Name);

    /// <summary>The definition of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the text names the known ones and the nearest.</exception>
    public TDefinition this[string name] => TryFind(name, out TDefinition? definition)
        ? definition
        : throw new ArgumentException(Unknown(name), nameof(name));

    /// <summary>Looks a name up.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out TDefinition? definition)
    {
        ArgumentNullException.ThrowIfNull(name);
        definition = _rows.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase)).Definition;
        return definition is not null;
    }

    /// <summary>The plugin that a definition came with.</summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public PluginManifest PluginOf(string name)
    {
        TDefinition definition = this[name];
        return _rows.First(r => ReferenceEquals(r.Definition, definition)).Plugin;
    }

    /// <inheritdoc/>
    public IEnumerator<TDefinition> GetEnumerator() => _rows.Select(r => r.Definition).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What is listed, in the singular, for error texts.</summary>
    private protected abstract string Kind { get; }

    /// <summary>What is said of a name that is not here.</summary>
    private protected virtual string Unknown(string name) => $"There is no {Kind} '{name}'. {Nearest.Suggest(name, Names)}";
}
