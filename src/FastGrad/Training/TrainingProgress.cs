using FastGrad.Inference;

namespace FastGrad.Training;

/// <summary>Where a training stands after an update.</summary>
/// <param name="Epoch">The epoch under way, counted from 1.</param>
/// <param name="Epochs">The epochs in all.</param>
/// <param name="Batch">The batches of this epoch that are done.</param>
/// <param name="Batches">The batches of an epoch.</param>
/// <param name="Updates">The updates so far.</param>
/// <param name="BatchLoss">The loss of the latest update, before it.</param>
/// <param name="Loss">The mean loss of the epoch so far, by rows.</param>
/// <param name="Accuracy">The share of this epoch's rows classified rightly so far; NaN for regression.</param>
/// <param name="LearningRate">The learning rate of the latest update; NaN where the optimizer has none.</param>
/// <param name="HeldOut">How good the model is on held-out data: at the end of an epoch where such data is given, else null.</param>
public readonly record struct TrainingProgress(
    long Epoch, int Epochs, int Batch, int Batches, long Updates, double BatchLoss, double Loss, double Accuracy, double LearningRate, Evaluation? HeldOut)
{
    /// <summary>Whether an epoch has just ended.</summary>
    public bool IsEpochEnd => Batch == Batches;
}

/// <summary>How a training ended.</summary>
public enum TrainingStatus
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The caller cancelled it, between two updates: it can go on.</summary>
    Cancelled,

    /// <summary>A callback stopped it.</summary>
    Stopped,
}

/// <summary>What a training did.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Last">Where it stood at the end: the last epoch's loss and accuracy among others.</param>
public sealed record TrainingResult(TrainingStatus Status, TrainingProgress Last);
