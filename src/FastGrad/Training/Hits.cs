using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;

namespace FastGrad.Training;

/// <summary>Rows classified rightly.</summary>
internal static class Hits
{
    /// <summary>Rows whose greatest logit is the label's; for numbers as targets, elements whose logit is above 0 exactly where the target is above ½.</summary>
    public static int Count<T>(Tensor<T> prediction, Target<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> z = prediction.IsContiguous ? prediction.AsReadOnlySpan() : prediction.ToArray();
        int hits = 0;
        if (target.Labels is { } labels)
        {
            int classes = prediction.Shape[-1];
            ReadOnlySpan<int> label = labels.AsReadOnlySpan();
            for (int row = 0; row < label.Length; row++)
            {
                ReadOnlySpan<T> logits = z.Slice(row * classes, classes);
                hits += Greatest(logits) == label[row] && !HoldsNaN(logits) ? 1 : 0; // a model that has diverged takes nothing for anything
            }
            return hits;
        }
        ReadOnlySpan<T> y = target.Values!.AsReadOnlySpan();
        T half = T.CreateTruncating(0.5);
        for (int i = 0; i < z.Length; i++)
            hits += (z[i] > T.Zero) == (y[i] > half) ? 1 : 0;
        return hits;
    }

    private static bool HoldsNaN<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in row)
        {
            if (T.IsNaN(value))
                return true;
        }
        return false;
    }

    /// <summary>The first index of the greatest element.</summary>
    public static int Greatest<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
        {
            if (row[i] > row[best])
                best = i;
        }
        return best;
    }
}
