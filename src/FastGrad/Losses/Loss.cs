using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>How wrong a prediction is, compared with a target.</summary>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Loss<T>(Reduction reduction) : Criterion<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether <see cref="Terms"/> is made of the same tensor operations in every call with operands of one shape; training then replays them.</summary>
    /// <remarks>False unless a loss says otherwise: see <see cref="Modules.Module{T}.IsReplayable"/>.</remarks>
    protected virtual bool IsReplayable => false;

    internal bool CanReplay => IsReplayable;

    /// <summary>The terms, not reduced.</summary>
    /// <exception cref="ArgumentException">The target is not of the kind or shape expected.</exception>
    public abstract Tensor<T> Terms(Tensor<T> prediction, Target<T> target);

    /// <summary>What each term counts in the mean, in the terms' shape; null where all count 1. Class weights and ignored labels count otherwise.</summary>
    private protected virtual Tensor<T>? Counts(Tensor<T> prediction, Target<T> target) => null;

    /// <summary>The loss: the terms, reduced.</summary>
    /// <param name="prediction">What the model says.</param>
    /// <param name="target">What is right.</param>
    /// <param name="sampleWeights">A weight for each term, or for each row of terms: a mean becomes the weighted mean. None are 1.</param>
    /// <exception cref="ArgumentException">The target is not of the kind or shape expected, or the weights do not fit the terms.</exception>
    public Tensor<T> Forward(Tensor<T> prediction, Target<T> target, Tensor<T>? sampleWeights = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return Reduce(Terms(prediction, target), sampleWeights, Counts(prediction, target));
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

    /// <summary>The target's class labels.</summary>
    private protected Tensor<int> LabelsOf(Target<T> target) => target.Labels
        ?? throw new ArgumentException($"{Name} compares with class labels (a Tensor<int>), but got {target}.", nameof(target));
}
