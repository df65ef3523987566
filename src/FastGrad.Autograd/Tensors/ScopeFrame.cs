namespace FastGrad.Autograd;

/// <summary>What one open scope has handed out. Frames are reused, so that a steady step allocates none.</summary>
internal sealed class ScopeFrame
{
    private readonly ThreadState _thread;
    private readonly ScopeFrame? _outer;
    private ScopeFrame? _inner; // open, or waiting for the next inner scope
    private Slot[] _taken = new Slot[16];
    private int _takenCount;
    private ScopeMark _mark;
    private bool _open;
    private bool _escaped; // a tensor with a tape is kept: the tape must live on
    private long _opening; // frames serve again: a scope that ended must not close the next one in its frame

    private ScopeFrame(ThreadState thread, ScopeFrame? outer) => (_thread, _outer) = (thread, outer);

    /// <summary>Whether tensor objects serve again after the scope.</summary>
    public bool ReusesTensors { get; private set; }

    /// <summary>Which of two stacks the tensor objects come from.</summary>
    public bool IsOdd { get; private set; }

    public static (ScopeFrame Frame, long Opening) Open(ThreadState thread, bool reusesTensors)
    {
        ScopeFrame frame = thread.Scope is { } outer ? outer._inner ??= new(thread, outer) : thread.FirstScope ??= new(thread, null);
        (frame._open, frame._escaped, frame.ReusesTensors) = (true, false, reusesTensors);
        frame._mark = thread.Mark();
        frame.IsOdd ^= reusesTensors; // scopes at one depth take turns
        thread.Scope = frame;
        return (frame, ++frame._opening);
    }

    /// <summary>Lets a tensor, and the tape that it hangs on, outlive all scopes.</summary>
    public static Tensor<T> Keep<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        tensor.Storage.Kept = true;
        if (!tensor.IsLeaf)
        {
            for (ScopeFrame? frame = ThreadState.Current.Scope; frame is not null; frame = frame._outer)
                frame._escaped = true; // its inputs may have been recorded in an outer scope
        }
        return tensor;
    }

    public void Add(Storage storage)
    {
        if (_takenCount == _taken.Length)
            Array.Resize(ref _taken, 2 * _takenCount);
        ref Storage? slot = ref _taken[_takenCount++].Storage;
        if (slot != storage)
            slot = storage;
    }

    public void Close(long opening)
    {
        if (!_open || opening != _opening)
            return;
        if (_thread.Scope != this || _thread != ThreadState.Current)
            throw new InvalidOperationException("A tensor scope ends while one that was opened later is open; expected the innermost to end first, on the thread that opened it.");
        _thread.Return(_mark, _escaped);
        while (_takenCount > 0)
        {
            // The latest first: then the next scope finds them in the same order.
            ref Storage? storage = ref _taken[--_takenCount].Storage;
            if (!storage!.Kept)
                storage.Return();
            if (storage.Kept || !storage.IsSmall)
                storage = null; // a slot that waits must not hold a large array
        }
        _open = false;
        _thread.Scope = _outer;
    }

    // A struct, since storing into an array of classes checks the type.
    private struct Slot
    {
        public Storage? Storage;
    }
}
