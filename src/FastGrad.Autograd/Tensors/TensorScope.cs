namespace FastGrad.Autograd;

/// <summary>While it lives, tensors made on this thread take pooled memory; at its end that memory goes back.</summary>
/// <remarks>
/// <para>
/// <c>using var scope = new TensorScope();</c> Gradients of leaves and optimizer state always escape; <see cref="Keep{T}"/> lets
/// other tensors escape. Reading a tensor whose memory went back throws. Without a scope everything works too, and the garbage
/// collector frees memory: slower, never a leak.
/// </para>
/// <para>
/// Memory and tape are used again, and a steady loop allocates tensor objects only. <c>new TensorScope(reuseTensors: true)</c> uses these
/// again too, and allocates nothing: then a tensor must not be held beyond its scope, unless it was kept.
/// </para>
/// <para>A ref struct: it cannot live across an await, nor move to another thread.</para>
/// </remarks>
public ref struct TensorScope : IDisposable
{
    private readonly ScopeFrame? _frame;
    private readonly long _opening;

    /// <summary>Opens a scope on this thread, inside the one that is open, if any.</summary>
    public TensorScope()
        : this(reuseTensors: false)
    {
    }

    /// <summary>Opens a scope on this thread, inside the one that is open, if any.</summary>
    /// <param name="reuseTensors">
    /// Whether the <see cref="Tensor{T}"/> objects themselves serve again. One that is read after its scope, or while the next one is open,
    /// throws; in the scope after that the object may be another tensor. So only for code that holds no tensor of an earlier pass.
    /// </param>
    public TensorScope(bool reuseTensors) => (_frame, _opening) = ScopeFrame.Open(ThreadState.Current, reuseTensors);

    /// <summary>Lets a tensor outlive the scope: its memory becomes the collector's, and so does the tape if it hangs on it.</summary>
    /// <returns>The tensor.</returns>
    public readonly Tensor<T> Keep<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return ScopeFrame.Keep(tensor);
    }

    /// <summary>Takes back the memory of all tensors made since the scope was opened, but for the kept ones.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later is still open.</exception>
    public readonly void Dispose() => _frame?.Close(_opening);

    /// <summary>A scope inside the one that is open, like it; nothing where none is.</summary>
    internal static TensorScope Nested() => ThreadState.Current.Scope is { } outer ? new(outer.ReusesTensors) : default;
}
