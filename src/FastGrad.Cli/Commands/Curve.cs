using System.Diagnostics;
using FastGrad.Training;

namespace FastGrad.Cli.Commands;

/// <summary>A training as <c>fastgrad compare</c> sees it: after each epoch the loss, and the score on held-out rows.</summary>
internal sealed record Curve(double[] Loss, double[] Score, double Seconds, long Updates)
{
    public static Curve Train(Fitting<float> fitting, CancellationToken stop)
    {
        Recorder recorder = new();
        long start = Stopwatch.GetTimestamp();
        fitting.Run(recorder, evaluateEpochs: true, stop);
        return new([.. recorder.Loss], [.. recorder.Score], Stopwatch.GetElapsedTime(start).TotalSeconds, fitting.Trainer.Optimizer.Updates);
    }

    private sealed class Recorder : IProgress<TrainingProgress>
    {
        public List<double> Loss { get; } = [];

        public List<double> Score { get; } = [];

        public void Report(TrainingProgress value)
        {
            if (!value.IsEpochEnd)
                return;
            Loss.Add(value.Loss);
            Score.Add(value.HeldOut!.Accuracy ?? value.HeldOut.R2 ?? double.NaN);
        }
    }
}
