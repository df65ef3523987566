using System.Globalization;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Training;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary>Progress on standard error: a bar on a terminal, a line an epoch elsewhere, nothing beside JSON on a pipe.</summary>
internal static class TrainProgress
{
    /// <summary>Runs a training that takes where to report to, and whether to evaluate each epoch.</summary>
    public static TResult Show<TResult>(Func<IProgress<TrainingProgress>?, bool, TResult> train, TargetKind kind, bool json)
    {
        if (Console.IsErrorRedirected)
        {
            return json ? train(null, false) : train(
                new Direct(update =>
                {
                    if (update.IsEpochEnd)
                        Console.Error.WriteLine(Describe(update, kind));
                }),
                true);
        }
        return Screen.Error.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(bars =>
            {
                ProgressTask bar = bars.AddTask("training");
                return train(
                    new Direct(update =>
                    {
                        bar.MaxValue = (double)update.Epochs * update.Batches;
                        bar.Value = (double)(update.Epoch - 1) * update.Batches + update.Batch;
                        if (update.IsEpochEnd)
                            bar.Description = Describe(update, kind);
                    }),
                    true);
            });
    }

    private static string Describe(in TrainingProgress update, TargetKind kind)
    {
        string score = kind == TargetKind.Classification
            ? string.Create(CultureInfo.InvariantCulture, $"accuracy {update.Accuracy:P1}, held out {update.HeldOut?.Accuracy:P1}")
            : string.Create(CultureInfo.InvariantCulture, $"held-out R² {update.HeldOut?.R2:F3}");
        return string.Create(CultureInfo.InvariantCulture, $"epoch {update.Epoch}/{update.Epochs}  loss {update.Loss:F4}  {score}");
    }

    /// <summary>Reports on the training's thread, in order: Progress&lt;T&gt; would post to the pool.</summary>
    private sealed class Direct(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
