using System.Numerics;

namespace FastGrad.Training;

/// <summary>Watches a training from within; it may stop it by <see cref="Trainer{T}.Stop"/>.</summary>
/// <remarks>Callbacks run on the training's thread, between updates. What they throw ends the training and reaches its caller.</remarks>
/// <typeparam name="T">The element type.</typeparam>
public abstract class TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>An update is done.</summary>
    public virtual void OnUpdate(Trainer<T> trainer, in TrainingProgress progress)
    {
    }

    /// <summary>An epoch is done, and evaluated where held-out data is given.</summary>
    public virtual void OnEpoch(Trainer<T> trainer, in TrainingProgress progress)
    {
    }
}
