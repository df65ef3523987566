using System.Numerics;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>A kind of optimizer: immutable and stateless, so that registries and containers may hand it out. It creates instances.</summary>
public abstract class OptimizerDefinition
{
    private protected OptimizerDefinition()
    {
    }

    /// <summary>The name in registries, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>The paper or document that defines it.</summary>
    public abstract string Source { get; }

    /// <summary>What is true of it, for the conformance kit to test.</summary>
    public abstract OptimizerTraits Traits { get; }

    /// <summary>How far updates depend on one another.</summary>
    public virtual Coupling Coupling => Coupling.Element;

    /// <summary>What a step needs beyond gradients.</summary>
    public virtual OptimizerNeeds Needs => OptimizerNeeds.None;

    /// <summary>The options.</summary>
    public abstract OptionTable Options { get; }

    /// <summary>Creates an optimizer over parameters, from options by name.</summary>
    /// <param name="parameters">The parameters; names must differ.</param>
    /// <param name="values">The options that differ from their defaults.</param>
    /// <param name="settings">Groups, schedules, clipping; null for <see cref="OptimizerSettings.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// An option is unknown or out of range, names clash, a parameter matches no group, or a schedule is attached to what is no real number.
    /// </exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public Optimizer<T> Create<T>(IReadOnlyList<IParameter<T>> parameters, OptionValues? values = null, OptimizerSettings? settings = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        // Both element types are named here, so that ahead-of-time compilation sees them.
        if (typeof(T) == typeof(float))
            return (Optimizer<T>)(object)CreateSingle((IReadOnlyList<IParameter<float>>)parameters, values ?? [], settings ?? OptimizerSettings.Default);
        if (typeof(T) == typeof(double))
            return (Optimizer<T>)(object)CreateDouble((IReadOnlyList<IParameter<double>>)parameters, values ?? [], settings ?? OptimizerSettings.Default);
        throw new NotSupportedException($"Optimizers exist for float and double, not for {typeof(T).Name}.");
    }

    /// <summary>The scalar reference, in binary64.</summary>
    /// <param name="parameters">The parameters' descriptions.</param>
    /// <param name="values">The options that differ from their defaults.</param>
    public abstract ReferenceOptimizer CreateReference(IReadOnlyList<ParameterInfo> parameters, OptionValues? values = null);

    /// <summary>The state that one matrix costs with these options: slot names with their shapes, for listings.</summary>
    public IReadOnlyList<StateEntry> DescribeState(OptionValues? values = null)
    {
        const int side = 8;
        ArrayParameter<float> matrix = new(new ParameterInfo("weight", [side, side]), new float[side * side]);
        return [.. Create<float>([matrix], values).State.Where(e => e.Owner == "weight")];
    }

    /// <summary>The binary32 form of <see cref="Create{T}"/>.</summary>
    private protected abstract Optimizer<float> CreateSingle(IReadOnlyList<IParameter<float>> parameters, OptionValues values, OptimizerSettings settings);

    /// <summary>The binary64 form of <see cref="Create{T}"/>.</summary>
    private protected abstract Optimizer<double> CreateDouble(IReadOnlyList<IParameter<double>> parameters, OptionValues values, OptimizerSettings settings);
}

/// <summary>A kind of optimizer with options of type <typeparamref name="TOptions"/>: what authors derive from.</summary>
/// <remarks>
/// An author writes the options with their table, the rule or method, the two one-line factories and the scalar reference; the
/// engine adds groups, schedules, counters, clipping, checkpoints, threads.
/// </remarks>
/// <typeparam name="TOptions">The record of options.</typeparam>
public abstract class OptimizerDefinition<TOptions> : OptimizerDefinition
    where TOptions : class, new()
{
    /// <summary>The table of options.</summary>
    public abstract override OptionTable<TOptions> Options { get; }

    /// <summary>Creates an optimizer over parameters, from typed options.</summary>
    /// <inheritdoc cref="OptimizerDefinition.Create{T}"/>
    public Optimizer<T> Create<T>(IReadOnlyList<IParameter<T>> parameters, TOptions options, OptimizerSettings? settings = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        Options.Check(options);
        OptimizerSettings around = settings ?? OptimizerSettings.Default;
        if (typeof(T) == typeof(float))
            return (Optimizer<T>)(object)around.Wrap(new Engine<float, TOptions>(this, (IReadOnlyList<IParameter<float>>)parameters, options, around, Single));
        if (typeof(T) == typeof(double))
            return (Optimizer<T>)(object)around.Wrap(new Engine<double, TOptions>(this, (IReadOnlyList<IParameter<double>>)parameters, options, around, Double));
        throw new NotSupportedException($"Optimizers exist for float and double, not for {typeof(T).Name}.");
    }

    /// <inheritdoc/>
    public sealed override ReferenceOptimizer CreateReference(IReadOnlyList<ParameterInfo> parameters, OptionValues? values = null) =>
        Reference(Options.With(new TOptions(), values ?? []), parameters);

    /// <summary>The update method in binary32, called once for each group (once in all with <see cref="Coupling.All"/>).</summary>
    protected abstract UpdateMethod<float, TOptions> Single(OptimizerConfiguration<TOptions> configuration);

    /// <summary>The update method in binary64: the same generic code.</summary>
    protected abstract UpdateMethod<double, TOptions> Double(OptimizerConfiguration<TOptions> configuration);

    /// <summary>The recurrences as plain scalar code in binary64, written from the source, sharing nothing with the method.</summary>
    protected abstract ReferenceOptimizer Reference(TOptions options, IReadOnlyList<ParameterInfo> parameters);

    private protected sealed override Optimizer<float> CreateSingle(
        IReadOnlyList<IParameter<float>> parameters, OptionValues values, OptimizerSettings settings) =>
        Create(parameters, Options.With(new TOptions(), values), settings);

    private protected sealed override Optimizer<double> CreateDouble(
        IReadOnlyList<IParameter<double>> parameters, OptionValues values, OptimizerSettings settings) =>
        Create(parameters, Options.With(new TOptions(), values), settings);
}
