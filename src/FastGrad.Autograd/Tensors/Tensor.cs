using System.Globalization;

namespace FastGrad.Autograd;

/// <summary>An n-dimensional array that derivatives flow through.</summary>
/// <remarks>
/// <para>
/// Elements are float, double (differentiable), int, bool and other unmanaged types (labels, indices, masks). Mathematics comes as
/// extension members over floating types. Views (reshape, transpose, slice, expand) share memory.
/// </para>
/// <para>
/// Derivatives: set <see cref="RequiresGrad"/> on leaves, compute, call <c>Backward()</c> on a scalar result, read
/// <see cref="Grad"/>. A tensor keeps alive only what its own derivative needs; nothing global grows.
/// </para>
/// <para>Reading is thread-safe. Changing, and recording from one tensor's gradient, is for one thread at a time.</para>
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed partial class Tensor<T>
    where T : unmanaged
{
    // Nothing of these changes while the tensor lives; an object of a scope that reuses its tensors has several lives.
    private Storage<T> _storage;
    private int _generation;
    private int _offset;
    private int[]? _strides; // null: row-major and dense
    private Shape _shape;
    private TapeNode? _node;
    private int _nodeGeneration;

    internal Tensor(Storage<T> storage, Shape shape, int[]? strides = null, int offset = 0)
    {
        _storage = storage;
        _generation = storage.Generation;
        _strides = strides;
        _offset = offset;
        _shape = shape;
    }

    private Tensor(Tensor<T> alias, Shape shape, int[]? strides, int offset)
    {
        _storage = alias._storage;
        _generation = alias._generation;
        _strides = strides;
        _offset = offset;
        _shape = shape;
    }

    /// <summary>An object for <see cref="ScopePool{T}"/>: no tensor yet.</summary>
    internal Tensor() => _storage = null!;

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => _shape;

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Length => Shape.Length;

    /// <summary>A name for messages and checkpoints, if any.</summary>
    public string? Name { get; set; }

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => _strides is null;

    internal Storage<T> Storage => _storage;

    /// <summary>Whether it is its memory from the first to the last element.</summary>
    internal unsafe bool IsWhole => IsContiguous && Offset == 0 && (long)Length * sizeof(T) == _storage.ByteLength;

    internal int Offset => _offset;

    /// <summary>Where this tensor hangs on the tape: its maker, or itself as a leaf.</summary>
    /// <exception cref="ObjectDisposedException">Its maker was recorded in a scope that has ended.</exception>
    internal TapeNode? Node
    {
        get
        {
            if (_node is not null && _node.Generation != _nodeGeneration)
                ThrowReturned();
            return _node;
        }
        set => (_node, _nodeGeneration) = (value, value is null ? 0 : value.Generation);
    }

    /// <summary>Whether it hangs on the tape, which may have ended with its scope.</summary>
    internal bool HasNode => _node is not null;

    /// <summary>Which tensor the object is: it grows when the object is given back with its scope.</summary>
    internal int Life { get; private set; }

    /// <summary>What a transform (forward or reverse) knows of it.</summary>
    internal Trace? Trace { get; private set; }

    internal long Level => Trace is null ? 0 : Trace.Level;

    internal int Version => _storage.Version;

    /// <summary>The same elements as a constant: no derivative flows through.</summary>
    public Tensor<T> Detach()
    {
        Tensor<T> constant = Over(ThreadState.Current, _storage, _generation, Shape, _strides, _offset);
        constant.Name = Name;
        return constant;
    }

    /// <summary>A copy in its own memory, as a constant.</summary>
    public Tensor<T> Clone()
    {
        Tensor<T> copy = Tensor.Uninitialized<T>(Shape);
        copy.Name = Name;
        if (!RecordCopy(copy))
            CopyElements(copy.Dense());
        return copy;
    }

    /// <summary>Type, shape and, for a few elements, values.</summary>
    public override string ToString()
    {
        string title = $"{(Name is null ? "" : Name + ": ")}Tensor<{typeof(T).Name}> {Shape}";
        // What is not known, or must not be asked, has no elements to show: this may be called by a message, or by a debugger.
        return Length > 16 || _storage.Generation != _generation || _storage.IsScratch || Recorder.Current is not null
            ? title
            : $"{title} {{ {string.Join(", ", ToArray().Select(x => Convert.ToString(x, CultureInfo.InvariantCulture)))} }}";
    }

    /// <summary>This tensor if it is contiguous, else a contiguous copy; a constant either way as far as the tape is concerned.</summary>
    internal Tensor<T> Contiguous() => _strides is null ? this : Clone();

    /// <summary>This tensor if it is contiguous, else a contiguous copy at the same place on the tape.</summary>
    internal Tensor<T> Materialized()
    {
        if (_strides is null)
            return this;
        Tensor<T> copy = Clone();
        copy.Node = Node;
        return copy;
    }

    /// <summary>Other axes over the same memory, without a link to the tape.</summary>
    internal Tensor<T> View(Shape shape, int[]? strides, int offset) =>
        Over(ThreadState.Current, _storage, _generation, shape, strides is not null && IsRowMajor(shape, strides) ? null : strides, shape.Length == 0 ? 0 : offset); // a slice of nothing may begin beyond the memory

    /// <summary>A tensor over a storage of a generation: in a scope that reuses its tensors an object that was one before, else a new one.</summary>
    internal static Tensor<T> Over(ThreadState thread, Storage<T> storage, int generation, Shape shape, int[]? strides, int offset)
    {
        Tensor<T> tensor = thread.Scope is { ReusesTensors: true } scope && thread.Recorder is null && thread.Pool<T>() is { } pool ? pool.Issue(scope.IsOdd) : new();
        (tensor._generation, tensor._offset, tensor._node, tensor.Name) = (generation, offset, null, null);
        // In a steady loop the object is found as it was left, and what is not stored needs no write barrier.
        if (tensor._storage != storage)
            tensor._storage = storage;
        if (tensor._strides != strides)
            tensor._strides = strides;
        if (!tensor._shape.IsSame(shape))
            tensor._shape = shape;
        return tensor;
    }

    /// <summary>Ends the tensor with its scope: whoever reads it now is told, until the object is another tensor.</summary>
    internal void End()
    {
        Life++;
        _generation = -1; // which no storage has
        if (!_storage.IsSmall)
            _storage = Storage<T>.Ended; // an object that waits must not hold a large array, or the user's
        (_grad, _hasGrad, _ownsGrad, Trace) = (null, false, false, null);
        if (_node is { IsLeaf: true } leaf)
            leaf.EndLife(); // its gradient would be another's
        if (_node is not null)
            _nodeGeneration = -1; // which no node has
    }

    /// <summary>The same elements, seen by a transform.</summary>
    internal Tensor<T> Traced(Trace trace) => new(this, Shape, _strides, _offset) { Trace = trace, Name = Name };

    /// <summary>Whether another tensor has the same axes over the same places of its memory.</summary>
    internal bool HasLayoutOf(Tensor<T> other) => Shape == other.Shape && _offset == other._offset && Strides().AsSpan().SequenceEqual(other.Strides());

    private bool RecordCopy(Tensor<T> copy)
    {
        if (Recorder.Current is not { } recorder)
            return false;
        if (typeof(T) == typeof(float))
            recorder.Add(new CopyInstruction<float>((Tensor<float>)(object)this, (Tensor<float>)(object)copy, accumulate: false));
        else if (typeof(T) == typeof(double))
            recorder.Add(new CopyInstruction<double>((Tensor<double>)(object)this, (Tensor<double>)(object)copy, accumulate: false));
        else
        {
            recorder.RefuseRead(this); // a copy of labels would stay that of the capture
            return false;
        }
        return true;
    }

    // Strides of axes of length 1 do not matter.
    private static bool IsRowMajor(Shape shape, int[] strides)
    {
        int expected = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
                return shape.Length == 0;
            expected *= shape[axis];
        }
        return true;
    }
}
