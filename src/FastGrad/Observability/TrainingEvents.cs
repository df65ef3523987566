using System.Diagnostics.Tracing;

namespace FastGrad.Observability;

/// <summary>What happens seldom in a training, for <c>dotnet-trace collect --providers FastGrad</c>.</summary>
[EventSource(Name = Telemetry.Name)]
internal sealed class TrainingEvents : EventSource
{
    private TrainingEvents()
    {
    }

    /// <summary>The source. Whoever writes asks <see cref="EventSource.IsEnabled()"/> first.</summary>
    public static TrainingEvents Log { get; } = new();

    /// <summary>A trainer runs.</summary>
    [Event(1, Level = EventLevel.Informational)]
    public void TrainingStart(string optimizer, long epoch, int epochs) => WriteEvent(1, optimizer, epoch, epochs);

    /// <summary>It ends, in one of the ways of <see cref="Training.TrainingStatus"/>.</summary>
    [Event(2, Level = EventLevel.Informational)]
    public void TrainingStop(string status, long updates) => WriteEvent(2, status, updates);

    /// <summary>An epoch is done.</summary>
    [Event(3, Level = EventLevel.Informational)]
    public void EpochStop(long epoch, double loss) => WriteEvent(3, epoch, loss);

    /// <summary>A step updated nothing.</summary>
    [Event(4, Level = EventLevel.Warning)]
    public void StepSkipped(long updates) => WriteEvent(4, updates);

    /// <summary>A checkpoint is on the disk.</summary>
    [Event(5, Level = EventLevel.Informational)]
    public void CheckpointSaved(string folder, long generation, long bytes) => WriteEvent(5, folder, generation, bytes);
}
