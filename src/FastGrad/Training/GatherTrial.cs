using System.Diagnostics;

namespace FastGrad.Training;

/// <summary>Whether batches are gathered ahead: as is asked for, or where gathering takes a twentieth of the time from batch to batch, or more.</summary>
/// <remarks>
/// The first batches are gathered where they are needed, and timed; the first of all does not count, since code is compiled and steps are captured then. The
/// decision changes no bit. By <c>option.gather.*</c>: where gathering is a smaller part, the other thread gives nothing; where it is larger, it takes up to a third
/// of the time away, also with as many threads in the team as there are processors.
/// </remarks>
/// <param name="ahead">What is asked for; null to find out.</param>
internal sealed class GatherTrial(bool? ahead)
{
    private const int Batches = 5;
    private const double Worthwhile = 0.05;

    // Least times: whatever else happens makes them longer.
    private long _begin, _gathering = long.MaxValue, _period = long.MaxValue;
    private int _seen = ahead is null && Environment.ProcessorCount > 1 ? 0 : Batches;

    /// <summary>The decision; false until it has been made.</summary>
    public bool IsAhead { get; private set; } = ahead ?? false;

    /// <summary>A batch is asked for.</summary>
    public void Begin()
    {
        if (_seen >= Batches)
            return;
        long now = Stopwatch.GetTimestamp();
        if (_seen > 1)
            _period = Math.Min(_period, now - _begin);
        _begin = now;
    }

    /// <summary>It has been gathered.</summary>
    public void End()
    {
        if (_seen >= Batches)
            return;
        if (_seen > 0)
            _gathering = Math.Min(_gathering, Stopwatch.GetTimestamp() - _begin);
        if (++_seen == Batches)
            IsAhead = _gathering >= Worthwhile * _period;
    }
}
