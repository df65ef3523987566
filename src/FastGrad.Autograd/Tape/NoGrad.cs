namespace FastGrad.Autograd;

/// <summary>While it lives, operations on this thread record nothing: <c>using var _ = new NoGrad();</c></summary>
/// <remarks>
/// It stops what was under way when it began: the tape, and the transforms around it. A transform that starts inside works as ever.
/// A ref struct: it cannot live across an await, nor move to another thread.
/// </remarks>
public ref struct NoGrad : IDisposable
{
    private readonly long _previous;
    private bool _entered;

    /// <summary>Turns recording off.</summary>
    public NoGrad()
    {
        ThreadState thread = ThreadState.Current;
        _previous = thread.OffBelow;
        thread.OffBelow = Trace.LatestLevel + 1;
        _entered = true;
    }

    /// <summary>Whether operations on this thread leave the tape alone.</summary>
    public static bool IsActive => ThreadState.Current.OffBelow > 0;

    /// <summary>Turns recording back on, unless an outer one is alive.</summary>
    public void Dispose()
    {
        if (_entered)
            ThreadState.Current.OffBelow = _previous;
        _entered = false;
    }

    /// <summary>Turns recording on for a while, whatever is off: a segment is recorded again in a backward pass.</summary>
    internal static Pause Suspend() => new(0);

    internal readonly ref struct Pause : IDisposable
    {
        private readonly long _before;

        public Pause(long offBelow)
        {
            _before = ThreadState.Current.OffBelow;
            ThreadState.Current.OffBelow = offBelow;
        }

        public void Dispose() => ThreadState.Current.OffBelow = _before;
    }

    internal static bool Stops(long level) => level < ThreadState.Current.OffBelow;
}
