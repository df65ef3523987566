using System.Numerics;

namespace FastGrad.Optimization.Parameters;

/// <summary>A parameter over plain arrays: for training without tensors, and for tests.</summary>
/// <param name="info">Name, shape and role.</param>
/// <param name="value">The values; the array is used, not copied.</param>
/// <param name="gradient">The gradient; null where it is absent.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ArrayParameter<T>(ParameterInfo info, T[] value, T[]? gradient = null) : IParameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A vector.</summary>
    public ArrayParameter(string name, T[] value, T[]? gradient = null, ParameterRole role = ParameterRole.Weight)
        : this(new ParameterInfo(name, [value.Length], role), value, gradient)
    {
    }

    /// <inheritdoc/>
    public ParameterInfo Info { get; } = info;

    /// <summary>The values.</summary>
    public T[] Values { get; } = value.Length == info.Count
        ? value
        : throw new ArgumentException($"Parameter '{info}' has {info.Count} elements; got {value.Length} values.", nameof(value));

    /// <summary>The gradient; null where it is absent.</summary>
    public T[]? Gradient { get; set; } = gradient;

    /// <inheritdoc/>
    public Span<T> Value => Values;

    /// <inheritdoc/>
    public bool TryGetGradient(out Span<T> gradient)
    {
        gradient = Gradient;
        return Gradient is not null;
    }
}
