using System.Numerics;

namespace FastGrad.Optimization;

/// <summary>The vector that belongs to a parameter, by the parameter's index in the optimizer.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public delegate Span<T> ParameterVector<T>(int parameter)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Writes H·v, H the Hessian of the loss at the current parameters, for v over all parameters.</summary>
/// <param name="direction">v, one span for each parameter.</param>
/// <param name="product">H·v, one span for each parameter, all of which are written.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public delegate void HessianVectorProduct<T>(ParameterVector<T> direction, ParameterVector<T> product)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>What a host supplies to optimizers that need more than gradients. One object serves every step.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Objective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The loss that belongs to the gradients at the beginning of the step.</summary>
    public Func<double>? Loss { get; init; }

    /// <summary>Computes the loss and replaces the gradients, both at the current values of the parameters, on the same batch.</summary>
    public Func<double>? Reevaluate { get; init; }

    /// <summary>Products with the Hessian at the current values of the parameters.</summary>
    public HessianVectorProduct<T>? HessianVector { get; init; }

    internal OptimizerNeeds Supplies =>
        (Loss is null ? 0 : OptimizerNeeds.Loss)
        | (Reevaluate is null ? 0 : OptimizerNeeds.Reevaluate)
        | (HessianVector is null ? 0 : OptimizerNeeds.HessianVector);
}
