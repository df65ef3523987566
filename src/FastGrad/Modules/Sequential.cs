using System.Collections;
using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>Modules one after another: y = fₙ(… f₁(x)). The children are named 0, 1, 2, ….</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sequential<T> : Module<T>, IReadOnlyList<Module<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T>[] _modules;

    /// <summary>A sequence.</summary>
    public Sequential(params ReadOnlySpan<Module<T>> modules)
    {
        _modules = modules.ToArray();
        for (int i = 0; i < _modules.Length; i++)
            Child(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _modules[i]);
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Length;

    /// <summary>A module of the sequence.</summary>
    public Module<T> this[int index] => _modules[index];

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        foreach (Module<T> module in _modules)
            x = module.Invoke(x);
        return x;
    }

    /// <inheritdoc/>
    public IEnumerator<Module<T>> GetEnumerator() => ((IEnumerable<Module<T>>)_modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _modules.GetEnumerator();
}
