using System.Numerics;
using FastGrad.Optimization.Options;

namespace FastGrad.Optimization.Wrappers;

/// <summary>A kind of wrapper: immutable and stateless, listed in registries. It puts an optimizer around another one.</summary>
public abstract class WrapperDefinition
{
    private protected WrapperDefinition()
    {
    }

    /// <summary>The name in registries, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>The paper or document that defines it.</summary>
    public abstract string Source { get; }

    /// <summary>One line: what it does around a step.</summary>
    public abstract string Summary { get; }

    /// <summary>What a step needs beyond gradients and what the inner optimizer needs.</summary>
    public virtual OptimizerNeeds Needs => OptimizerNeeds.None;

    /// <summary>The options.</summary>
    public abstract OptionTable Options { get; }

    /// <summary>Puts a wrapper around an optimizer, which from then on is stepped through it only.</summary>
    /// <param name="inner">The optimizer.</param>
    /// <param name="values">The options that differ from their defaults.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public Optimizer<T> Wrap<T>(Optimizer<T> inner, OptionValues? values = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (typeof(T) == typeof(float))
            return (Optimizer<T>)(object)WrapSingle((Optimizer<float>)(object)inner, values ?? []);
        if (typeof(T) == typeof(double))
            return (Optimizer<T>)(object)WrapDouble((Optimizer<double>)(object)inner, values ?? []);
        throw new NotSupportedException($"Optimizers exist for float and double, not for {typeof(T).Name}.");
    }

    /// <summary>The wrapper with options, for <see cref="OptimizerSettings.Wrappers"/>.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public WrapperBinding Bind(OptionValues? values = null)
    {
        Options.Validate(values ?? []);
        return new(this, values ?? []);
    }

    /// <summary>The binary32 form of <see cref="Wrap{T}"/>.</summary>
    private protected abstract Optimizer<float> WrapSingle(Optimizer<float> inner, OptionValues values);

    /// <summary>The binary64 form of <see cref="Wrap{T}"/>.</summary>
    private protected abstract Optimizer<double> WrapDouble(Optimizer<double> inner, OptionValues values);
}

/// <summary>A kind of wrapper with options of type <typeparamref name="TOptions"/>: what authors derive from.</summary>
/// <typeparam name="TOptions">The record of options.</typeparam>
public abstract class WrapperDefinition<TOptions> : WrapperDefinition
    where TOptions : class, new()
{
    /// <summary>The table of options.</summary>
    public abstract override OptionTable<TOptions> Options { get; }

    /// <summary>The wrapper in binary32.</summary>
    protected abstract Optimizer<float> Single(Optimizer<float> inner, TOptions options);

    /// <summary>The wrapper in binary64: the same generic code.</summary>
    protected abstract Optimizer<double> Double(Optimizer<double> inner, TOptions options);

    private protected sealed override Optimizer<float> WrapSingle(Optimizer<float> inner, OptionValues values) =>
        Single(inner, Options.With(new TOptions(), values));

    private protected sealed override Optimizer<double> WrapDouble(Optimizer<double> inner, OptionValues values) =>
        Double(inner, Options.With(new TOptions(), values));
}

/// <summary>A wrapper with options.</summary>
/// <param name="Definition">The wrapper.</param>
/// <param name="Values">The options that differ from their defaults.</param>
public sealed record WrapperBinding(WrapperDefinition Definition, OptionValues Values)
{
    /// <summary>Name and all options, by which a resumed training tells it from others.</summary>
    public string Description => $"{Definition.Name} ({Definition.Options.Describe(Values)})";
}
