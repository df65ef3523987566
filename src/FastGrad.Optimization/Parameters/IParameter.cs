using System.Numerics;

namespace FastGrad.Optimization.Parameters;

/// <summary>Access to one parameter's memory: the bridge by which an optimizer updates tensors without knowing them.</summary>
/// <remarks>
/// Spans cannot be stored, so the optimizer stores this object and asks for the spans at each step. Both must be contiguous, in
/// row-major order, with <see cref="ParameterInfo.Count"/> elements.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IParameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Name, shape and role; the same object for the parameter's life.</summary>
    ParameterInfo Info { get; }

    /// <summary>The values, which a step changes in place.</summary>
    Span<T> Value { get; }

    /// <summary>The gradient, if there is one. It is writable because clipping scales it in place.</summary>
    /// <returns>False where the parameter took no part in the loss: it is skipped, which is not the same as a gradient of zero.</returns>
    bool TryGetGradient(out Span<T> gradient);
}
