using System.Diagnostics;

namespace FastGrad.Observability;

/// <summary>The names under which a training can be watched from outside: one meter, one activity source, one event source, all called FastGrad.</summary>
/// <remarks>
/// <para>
/// Instruments of the meter, each with the tag <c>optimizer</c>: the gauges <c>fastgrad.training.loss</c>, <c>fastgrad.training.gradient_norm</c>
/// and <c>fastgrad.training.learning_rate</c>; the histogram <c>fastgrad.training.step.duration</c> in seconds; the counters
/// <c>fastgrad.training.steps</c> and <c>fastgrad.training.skipped_steps</c>.
/// </para>
/// <para>Activities: <c>fastgrad.training</c> for each run of a trainer, <c>fastgrad.epoch</c> and <c>fastgrad.checkpoint</c> within it.</para>
/// <para>Where nobody listens, a step reads six flags and the clock is not asked. Nothing is allocated in either case.</para>
/// </remarks>
public static class Telemetry
{
    /// <summary>The name of meter, activity source and event source: <c>dotnet-counters monitor --counters FastGrad</c>.</summary>
    public const string Name = "FastGrad";

    /// <summary>What activities begin from.</summary>
    internal static ActivitySource Activities { get; } = new(Name);
}
