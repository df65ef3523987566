using System.Collections.Immutable;
using FastGrad.Data;
using FastGrad.Optimization.Options;

namespace FastGrad.Training;

/// <summary>What a fit does where it is not told, from the number of training rows and the kind of target alone.</summary>
/// <param name="Hidden">The widths of the hidden layers of an <c>mlp</c>.</param>
/// <param name="BatchSize">The rows of a batch.</param>
/// <param name="Epochs">The epochs.</param>
/// <param name="LearningRate">The learning rate of <c>adam</c> and <c>adamw</c>; other optimizers keep their own.</param>
/// <param name="WeightDecay">The weight decay of <c>adamw</c>; other optimizers keep their own.</param>
public sealed record FitDefaults(ImmutableArray<int> Hidden, int BatchSize, int Epochs, double LearningRate, double WeightDecay)
{
    /// <summary>The rule.</summary>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="task">Classification or regression.</param>
    public static FitDefaults For(int rows, TargetKind task)
    {
        int batch = rows < 1000 ? 16 : 64;
        int updates = 1000;
        int epochs = Math.Clamp((int)((long)updates * batch / rows), 10, 200);
        return task == TargetKind.Classification
            ? new([rows < 1000 ? 32 : 128], batch, epochs, 3e-3, 0.01)
            : new([32], batch, epochs, 3e-3, 0.1);
    }

    /// <summary>The optimizer's options with what is not given.</summary>
    internal OptionValues Complete(string optimizer, OptionValues given)
    {
        OptionValues values = [];
        if (string.Equals(optimizer, "adam", StringComparison.OrdinalIgnoreCase) || string.Equals(optimizer, "adamw", StringComparison.OrdinalIgnoreCase))
            values.Add("lr", LearningRate);
        if (string.Equals(optimizer, "adamw", StringComparison.OrdinalIgnoreCase))
            values.Add("weight_decay", WeightDecay);
        foreach ((string name, string value) in given)
            values.Add(name, value); // the last of a name holds
        return values;
    }
}
