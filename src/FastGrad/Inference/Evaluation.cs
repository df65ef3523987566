using System.Numerics;
using FastGrad.Training;

namespace FastGrad.Inference;

/// <summary>How good predictions are.</summary>
public sealed record Evaluation
{
    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The mean loss: cross entropy, or squared error in original units.</summary>
    public required double Loss { get; init; }

    /// <summary>The share of rows classified rightly; null for regression.</summary>
    public double? Accuracy { get; init; }

    /// <summary>R² = 1 − Σ(y − p)²/Σ(y − ȳ)², the mean over targets; null for classification. NaN where a target is constant.</summary>
    public double? R2 { get; init; }

    /// <summary>How many rows of class i were taken for class j: [i, j]; null for regression.</summary>
    public int[,]? Confusion { get; init; }

    /// <summary>Evaluates class probabilities.</summary>
    internal static Evaluation OfClasses<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[,] confusion = new int[classes, classes];
        double loss = 0;
        int hits = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<T> p = probabilities.Slice(row * classes, classes);
            int chosen = Hits.Greatest(p);
            confusion[labels[row], chosen]++;
            hits += chosen == labels[row] ? 1 : 0;
            // A probability that rounded to 0 counts as the smallest normal one, so that one row does not make the mean infinite.
            loss -= Kernels.Functions.Log<double>.At(Math.Max(double.CreateTruncating(p[labels[row]]), 1.1754943508222875e-38));
        }
        return new() { Rows = labels.Length, Loss = loss / labels.Length, Accuracy = (double)hits / labels.Length, Confusion = confusion };
    }

    /// <summary>Evaluates numbers.</summary>
    internal static Evaluation OfNumbers<T>(ReadOnlySpan<T> predicted, ReadOnlySpan<T> targets, int outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = targets.Length / outputs;
        double squares = 0, r2 = 0;
        for (int j = 0; j < outputs; j++)
        {
            double mean = 0, residual = 0, spread = 0;
            for (int i = j; i < targets.Length; i += outputs)
                mean += double.CreateTruncating(targets[i]) / rows;
            for (int i = j; i < targets.Length; i += outputs)
            {
                double y = double.CreateTruncating(targets[i]), error = y - double.CreateTruncating(predicted[i]);
                residual += error * error;
                spread += (y - mean) * (y - mean);
            }
            squares += residual;
            r2 += spread == 0 ? double.NaN : (1 - residual / spread) / outputs;
        }
        return new() { Rows = rows, Loss = squares / targets.Length, R2 = r2 };
    }
}
