namespace FastGrad.Autograd;

/// <summary>While it lives, tensors made on this thread take pooled memory; at its end that memory goes back.</summary>
/// <remarks>
/// <para>
/// <c>using var scope = new TensorScope();</c> Gradients of leaves and optimizer state always escape; <see cref="Keep{T}"/> lets
/// other tensors escape. Reading a tensor whose memory went back throws. Without a scope everything works too, and the garbage
/// collector frees memory: slower, never a leak.
/// </para>
/// <para>A ref struct: it cannot live across an await, nor move to another thread.</para>
/// </remarks>
public ref struct TensorScope : IDisposable
{
    private readonly ScopeFrame? _frame;
    private readonly long _opening;

    /// <summary>Opens a scope on this thread, inside the one that is open, if any.</summary>
    public TensorScope() => (_frame, _opening) = ScopeFrame.Open();

    /// <summary>Lets a tensor outlive the scope: its memory becomes the collector's.</summary>
    /// <returns>The tensor.</returns>
    public readonly Tensor<T> Keep<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Storage.Kept = true;
        return tensor;
    }

    /// <summary>Takes back the memory of all tensors made since the scope was opened, but for the kept ones.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later is still open.</exception>
    public readonly void Dispose() => _frame?.Close(_opening);
}

/// <summary>What one open scope has handed out. Frames are reused, so that a steady step allocates none.</summary>
internal sealed class ScopeFrame
{
    [ThreadStatic]
    private static ScopeFrame? s_current;

    private readonly List<Storage> _taken = [];
    private ScopeFrame? _outer;
    private ScopeFrame? _spare; // a closed inner frame, to be used again
    private bool _open;
    private long _opening; // frames serve again: a scope that ended must not close the next one in its frame

    /// <summary>The innermost open scope of this thread.</summary>
    public static ScopeFrame? Current => s_current is { _open: true } frame ? frame : null;

    public static (ScopeFrame Frame, long Opening) Open()
    {
        ScopeFrame? outer = s_current;
        ScopeFrame frame;
        if (outer is null or { _open: false })
        {
            frame = outer ?? new();
        }
        else
        {
            frame = outer._spare ??= new();
            frame._outer = outer;
        }
        frame._open = true;
        s_current = frame;
        return (frame, ++frame._opening);
    }

    public void Add(Storage storage) => _taken.Add(storage);

    public void Close(long opening)
    {
        if (!_open || opening != _opening)
            return;
        if (s_current != this)
            throw new InvalidOperationException("A tensor scope ends while one that was opened later is open; expected the innermost to end first, on the thread that opened it.");
        foreach (Storage storage in _taken)
        {
            if (!storage.Kept)
                storage.Return();
        }
        _taken.Clear();
        _open = false;
        s_current = _outer ?? this;
    }
}
