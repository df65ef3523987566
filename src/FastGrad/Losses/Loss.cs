using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>How wrong a prediction is, as a number to be made small.</summary>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Loss<T>(Reduction reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What becomes of the terms.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The name, in lower case with dashes.</summary>
    public abstract string Name { get; }

    /// <summary>Convexity and smoothness of one term in its prediction.</summary>
    public abstract Curvature Curvature { get; }

    /// <summary>Whether <see cref="Terms"/> is made of the same tensor operations in every call with operands of one shape; training then replays them.</summary>
    /// <remarks>False unless a loss says otherwise: see <see cref="Modules.Module{T}.IsReplayable"/>.</remarks>
    protected virtual bool IsReplayable => false;

    internal bool CanReplay => IsReplayable;

    /// <summary>The terms, not reduced.</summary>
    /// <exception cref="ArgumentException">The target is not of the kind or shape expected.</exception>
    public abstract Tensor<T> Terms(Tensor<T> prediction, Target<T> target);

    /// <summary>The loss: the terms, reduced.</summary>
    /// <exception cref="ArgumentException">The target is not of the kind or shape expected.</exception>
    public Tensor<T> Forward(Tensor<T> prediction, Target<T> target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        Tensor<T> terms = Terms(prediction, target);
        return Reduction switch
        {
            Reduction.Mean => terms.Mean(),
            Reduction.Sum => terms.Sum(),
            _ => terms,
        };
    }

    /// <summary>The target's numbers, in the prediction's shape.</summary>
    private protected Tensor<T> Values(Tensor<T> prediction, Target<T> target)
    {
        if (target.Values is not { } values)
            throw new ArgumentException($"{Name} compares with numbers (a Tensor<{typeof(T).Name}>), but got {target}.", nameof(target));
        // Broadcasting [n, 1] against [n] would give n² terms, and a model that learns nothing.
        if (values.Shape != prediction.Shape)
            throw new ArgumentException($"{Name}: the target has shape {values.Shape}; expected {prediction.Shape}, as the prediction.", nameof(target));
        return values;
    }
}
