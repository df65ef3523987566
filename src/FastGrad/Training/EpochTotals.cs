using FastGrad.Losses;

namespace FastGrad.Training;

/// <summary>The sums of an epoch so far. A checkpoint holds them, so that a resumed epoch ends with the same mean.</summary>
internal struct EpochTotals
{
    public double Loss;
    public long Rows, Correct;

    public readonly double MeanLoss => Rows == 0 ? double.NaN : Loss / Rows;

    public readonly double Accuracy => Rows == 0 || Correct < 0 ? double.NaN : (double)Correct / Rows;

    /// <summary>Adds a step, whose loss is a sum over its rows or their mean.</summary>
    public void Add(in StepResult step, Reduction reduction)
    {
        Loss += reduction == Reduction.Sum ? step.Loss : step.Loss * step.Rows;
        Rows += step.Rows;
        Correct = step.Correct < 0 ? -1 : Correct + step.Correct;
    }
}
