using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Parameters;
using FastGrad.Training;

namespace FastGrad.Observability;

/// <summary>The instruments of the meter, written once a step where somebody listens.</summary>
internal static class TrainingInstruments
{
    private static readonly Meter Meter = new(Telemetry.Name);
    private static readonly Gauge<double> Loss = Meter.CreateGauge<double>("fastgrad.training.loss", null, "The loss of the latest step, before its update.");
    private static readonly Gauge<double> GradientNorm = Meter.CreateGauge<double>("fastgrad.training.gradient_norm", null, "The Euclidean norm of all gradients of the latest step, before they are clipped by it.");
    private static readonly Gauge<double> LearningRate = Meter.CreateGauge<double>("fastgrad.training.learning_rate", null, "The learning rate of the first group in the latest step.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("fastgrad.training.step.duration", "s", "From zero gradients to the update.");
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("fastgrad.training.steps", "{step}", "Steps, those that updated nothing included.");
    private static readonly Counter<long> Skipped = Meter.CreateCounter<long>("fastgrad.training.skipped_steps", "{step}", "Steps that updated nothing.");

    /// <summary>Whether anybody listens to anything.</summary>
    public static bool Enabled =>
        Loss.Enabled || GradientNorm.Enabled || LearningRate.Enabled || Duration.Enabled || Steps.Enabled || Skipped.Enabled;

    /// <summary>When a step begins: 0 where nobody listens.</summary>
    public static long Start() => Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>What a step did.</summary>
    /// <param name="start">What <see cref="Start"/> said.</param>
    /// <param name="result">The step.</param>
    /// <param name="optimizer">Its optimizer, whose gradients are still there.</param>
    /// <param name="name">The optimizer's name, made once.</param>
    public static void Record<T>(long start, in StepResult result, Optimizer<T> optimizer, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Enabled)
            return;
        KeyValuePair<string, object?> tag = new("optimizer", name);
        Loss.Record(result.Loss, tag);
        if (GradientNorm.Enabled)
            GradientNorm.Record(double.IsNaN(result.GradientNorm) ? Norm(optimizer) : result.GradientNorm, tag);
        if (optimizer.Groups[0].LearningRate is var rate && !double.IsNaN(rate))
            LearningRate.Record(rate, tag);
        if (start != 0) // else the listener came during the step
            Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
        Steps.Add(1, tag);
        if (!result.Applied)
            Skipped.Add(1, tag);
    }

    // The settings did not ask for it, but a listener does.
    private static double Norm<T>(Optimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => GradientClipping.Norm(optimizer.Parameters);
}
