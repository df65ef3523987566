using System.Numerics;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Wrappers;

/// <summary>A kind of wrapper: immutable and stateless, listed in registries. It puts an optimizer around another one.</summary>
public abstract class WrapperDefinition
{
    private protected WrapperDefinition(string name, string source, string summary, OptionTable options) =>
        (Name, Source, Summary, Options) = (name, source, summary, options);

    /// <summary>The name in registries, in lower case.</summary>
    public string Name { get; }

    /// <summary>The paper or document that defines it.</summary>
    public string Source { get; }

    /// <summary>One line: what it does around a step.</summary>
    public string Summary { get; }

    /// <summary>The options.</summary>
    public OptionTable Options { get; }

    /// <summary>What a step needs beyond gradients and what the inner optimizer needs.</summary>
    public virtual OptimizerNeeds Needs => OptimizerNeeds.None;

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

    /// <summary>The state that it adds around one matrix with these options: slot names with their shapes, for listings.</summary>
    public IReadOnlyList<StateEntry> DescribeState(OptionValues? values = null) => [.. Wrap(new Bare(), values).State];

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

    /// <summary>An optimizer of one matrix that does nothing and holds nothing: what is found around it is the wrapper's.</summary>
    private sealed class Bare : Optimizer<float>
    {
        private const int Side = 8;

        public override string Name => "none";

        public override OptimizerNeeds Needs => OptimizerNeeds.None;

        public override IReadOnlyList<IParameter<float>> Parameters { get; } =
            [new ArrayParameter<float>(new ParameterInfo("weight", [Side, Side]), new float[Side * Side])];

        public override IReadOnlyList<OptimizerGroup> Groups => [];

        public override long Updates => 0;

        public override IReadOnlyList<StateEntry> State => [];

        public override StepReport Step(Objective<float>? objective = null) => new(Applied: false, double.NaN, 1);
    }
}

/// <summary>A kind of wrapper with options of type <typeparamref name="TOptions"/>: what authors derive from.</summary>
/// <typeparam name="TOptions">The record of options.</typeparam>
/// <param name="name">The name in registries, in lower case.</param>
/// <param name="source">The paper or document that defines it.</param>
/// <param name="summary">One line: what it does around a step.</param>
/// <param name="options">The table of options.</param>
public abstract class WrapperDefinition<TOptions>(string name, string source, string summary, OptionTable<TOptions> options)
    : WrapperDefinition(name, source, summary, options)
    where TOptions : class, new()
{
    private readonly OptionTable<TOptions> _options = options;

    /// <summary>The wrapper in binary32.</summary>
    protected abstract Optimizer<float> Single(Optimizer<float> inner, TOptions options);

    /// <summary>The wrapper in binary64: the same generic code.</summary>
    protected abstract Optimizer<double> Double(Optimizer<double> inner, TOptions options);

    private protected sealed override Optimizer<float> WrapSingle(Optimizer<float> inner, OptionValues values) =>
        Single(inner, _options.With(new TOptions(), values));

    private protected sealed override Optimizer<double> WrapDouble(Optimizer<double> inner, OptionValues values) =>
        Double(inner, _options.With(new TOptions(), values));
}

/// <summary>A wrapper with options.</summary>
/// <param name="Definition">The wrapper.</param>
/// <param name="Values">The options that differ from their defaults.</param>
public sealed record WrapperBinding(WrapperDefinition Definition, OptionValues Values)
{
    /// <summary>Name and all options, by which a resumed training tells it from others.</summary>
    public string Description => $"{Definition.Name} ({Definition.Options.Describe(Values)})";
}
