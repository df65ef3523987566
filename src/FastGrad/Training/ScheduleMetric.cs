namespace FastGrad.Training;

/// <summary>The number that a schedule which answers a metric is shown after each epoch.</summary>
public enum ScheduleMetric
{
    /// <summary>The epoch's mean training loss. It is there in every training, and leaves held-out rows to judge by alone.</summary>
    TrainingLoss,

    /// <summary>The loss on the held-out data that <see cref="Trainer{T}.Run"/> gets.</summary>
    HeldOutLoss,

    /// <summary>The accuracy on that data, or R² of a regression: something that grows, for <c>mode = max</c>.</summary>
    HeldOutScore,
}
