using System.Collections;
using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>Modules under the names 0, 1, 2, …, to be declared as one child; whoever holds the list decides how they are used.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ModuleList<T> : Module<T>, IReadOnlyList<Module<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T>[] _modules;

    /// <summary>A list.</summary>
    public ModuleList(params ReadOnlySpan<Module<T>> modules)
    {
        _modules = modules.ToArray();
        for (int i = 0; i < _modules.Length; i++)
            Child(i.ToString(CultureInfo.InvariantCulture), _modules[i]);
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Length;

    /// <summary>A module of the list.</summary>
    public Module<T> this[int index] => _modules[index];

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>Not defined: a list is no function.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor<T> Forward(Tensor<T> x) =>
        throw new NotSupportedException("A list of modules is no function; expected its owner to call them, or a Sequential, which calls them one after another.");

    /// <inheritdoc/>
    public IEnumerator<Module<T>> GetEnumerator() => ((IEnumerable<Module<T>>)_modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _modules.GetEnumerator();
}
