using System.Collections.Immutable;
using FastGrad.Data;
using FastGrad.Optimization.Options;

namespace FastGrad.Training;

/// <summary>What a fit does where it is not told, from the number of training rows, the kind of target and the kind of model alone.</summary>
/// <param name="Hidden">The widths of the hidden layers of an <c>mlp</c>, or the channels of a <c>cnn</c>.</param>
/// <param name="BatchSize">The rows of a batch.</param>
/// <param name="Epochs">The epochs.</param>
/// <param name="LearningRate">The learning rate of <c>adam</c> and <c>adamw</c>; others but <c>sgd</c> keep their own.</param>
/// <param name="WeightDecay">The weight decay of <c>adamw</c>; other optimizers keep their own.</param>
public sealed record FitDefaults(ImmutableArray<int> Hidden, int BatchSize, int Epochs, double LearningRate, double WeightDecay)
{
    private const double DescentRate = 0.05;
    private const int ManyRows = 1000, Updates = 1000;

    /// <summary>The rule.</summary>
    /// <remarks>
    /// Below 1000 rows: batches of 16, 32 hidden units; from there on batches of 64, 128 hidden units. As many epochs as make about
    /// 1000 updates, but 10 to 200. Learning rate 0.003, or 0.03 for a linear model, whose loss is convex. Weight decay 0.1, or 1 for
    /// regression, where noise in the targets would be learned. A <c>cnn</c> has convolutions of 16 and 32 channels. Plain <c>sgd</c> has the learning rate 0.05.
    /// </remarks>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="task">Classification or regression.</param>
    /// <param name="model">The standard model's name.</param>
    public static FitDefaults For(int rows, TargetKind task, string model)
    {
        bool isLinear = model == "linear";
        bool many = rows >= ManyRows;
        int batch = many ? 64 : 16;
        int epochs = (int)Math.Clamp((long)Updates * batch / Math.Max(1, rows), 10, 200);
        return new(model == "cnn" ? [16, 32] : [many ? 128 : 32], batch, epochs, isLinear ? 0.03 : 0.003, task == TargetKind.Regression ? 1 : 0.1);
    }

    /// <summary>The optimizer's options with what is not given.</summary>
    internal OptionValues Complete(string optimizer, OptionValues given)
    {
        OptionValues values = [];
        switch (optimizer.ToLowerInvariant())
        {
            case "adamw":
                values.Add("lr", LearningRate);
                values.Add("weight_decay", WeightDecay);
                break;
            case "adam":
                values.Add("lr", LearningRate);
                break;
            case "sgd":
                values.Add("lr", DescentRate); // its own 0.001 would hardly move within 1000 updates
                break;
        }
        foreach ((string name, string value) in given)
            values.Add(name, value); // the last of a name holds
        return values;
    }
}
