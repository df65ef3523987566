using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Hosting;

/// <summary>Creates optimizers of one kind with fixed options and settings. It has no state, so services may share it; what it creates is the caller's.</summary>
public sealed class OptimizerFactory
{
    /// <summary>A factory.</summary>
    /// <param name="definition">The optimizer.</param>
    /// <param name="values">The options that differ from their defaults.</param>
    /// <param name="settings">Groups, schedules, clipping.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public OptimizerFactory(OptimizerDefinition definition, OptionValues? values = null, OptimizerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definition.Options.Validate(values ?? []);
        (Definition, Values, Settings) = (definition, values ?? [], settings ?? OptimizerSettings.Default);
    }

    /// <summary>The optimizer.</summary>
    public OptimizerDefinition Definition { get; }

    /// <summary>The options that differ from their defaults.</summary>
    public OptionValues Values { get; }

    /// <summary>Groups, schedules, clipping.</summary>
    public OptimizerSettings Settings { get; }

    /// <summary>Creates an optimizer over parameters.</summary>
    /// <inheritdoc cref="OptimizerDefinition.Create{T}"/>
    public Optimizer<T> Create<T>(IReadOnlyList<IParameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Definition.Create(parameters, Values, Settings);
}
