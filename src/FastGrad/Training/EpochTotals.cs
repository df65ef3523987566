namespace FastGrad.Training;

/// <summary>The sums of an epoch so far. A checkpoint holds them, so that a resumed epoch ends with the same mean.</summary>
internal struct EpochTotals
{
    public double Loss;
    public long Rows, Correct;

    public readonly double MeanLoss => Rows == 0 ? double.NaN : Loss / Rows;

    public readonly double Accuracy => Rows == 0 || Correct < 0 ? double.NaN : (double)Correct / Rows;

    public void Add(in StepResult step)
    {
        Loss += step.Loss * step.Rows;
        Rows += step.Rows;
        Correct = step.Correct < 0 ? -1 : Correct + step.Correct;
    }
}
