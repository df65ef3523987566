using System.Globalization;
using System.Runtime.CompilerServices;

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

    /// <summary>The element at the given indices, one for each axis; negative ones count from the end.</summary>
    /// <exception cref="ArgumentException">The number of indices is not the rank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside its axis.</exception>
    [IndexerName("Element")]
    public T this[params ReadOnlySpan<int> indices]
    {
        get
        {
            CheckRead();
            return Elements()[Position(indices)];
        }
        set
        {
            if (Recorder.Current is not null)
                Recorder.RefuseWrite(this);
            int position = Position(indices);
            Elements()[position] = value;
            _storage.Version++;
        }
    }

    /// <summary>The elements, in row-major order, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The tensor is a view with gaps or in another order: use <see cref="ToArray"/>; or its memory went back with its scope.</exception>
    public ReadOnlySpan<T> AsReadOnlySpan()
    {
        CheckRead();
        return Dense();
    }

    /// <summary>The elements for writing, in row-major order. Counts as a change in place: a backward pass that would read the old values throws.</summary>
    /// <exception cref="InvalidOperationException">The tensor is a view with gaps or in another order; or its memory went back with its scope.</exception>
    public Span<T> AsSpan()
    {
        if (Recorder.Current is not null)
            Recorder.RefuseWrite(this);
        Span<T> span = Dense();
        _storage.Version++;
        return span;
    }

    /// <summary>A copy of the elements in row-major order.</summary>
    public T[] ToArray()
    {
        T[] result = new T[Length];
        CopyTo(result);
        return result;
    }

    /// <summary>Copies the elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException($"The destination has {destination.Length} elements; expected at least {Length}.", nameof(destination));
        CheckRead();
        CopyElements(destination);
    }

    /// <summary>The only element.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one.</exception>
    public T Item()
    {
        if (Length != 1)
            throw new InvalidOperationException($"Item() of a tensor of shape {Shape}, which has {Length} elements; expected one.");
        CheckRead();
        return Elements()[_offset];
    }

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
        return Length > 16 || _storage.Generation != _generation
            ? title
            : $"{title} {{ {string.Join(", ", ToArray().Select(x => Convert.ToString(x, CultureInfo.InvariantCulture)))} }}";
    }

    /// <summary>The elements' strides, axis by axis.</summary>
    internal int[] Strides() => _strides ?? Shape.RowMajorStrides();

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

    /// <summary>Copies the elements in row-major order.</summary>
    internal void CopyElements(Span<T> destination)
    {
        if (_strides is null)
            Dense().CopyTo(destination);
        else
            StridedCopy.Gather(Elements(), _offset, Shape, _strides, destination);
    }

    /// <summary>The distance between neighbours along an axis, counted from the last: 1 is the last.</summary>
    internal int StrideFromEnd(int axisFromEnd)
    {
        if (_strides is not null)
            return _strides[^axisFromEnd];
        int stride = 1;
        for (int i = 1; i < axisFromEnd; i++)
            stride *= Shape[-i];
        return stride;
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

    /// <summary>All of the memory behind the tensor, from the storage's start.</summary>
    internal Span<T> Elements()
    {
        if (_storage.Generation != _generation)
            ThrowReturned();
        return _storage.Span;
    }

    /// <summary>Whether another tensor has the same axes over the same places of its memory.</summary>
    internal bool HasLayoutOf(Tensor<T> other) => Shape == other.Shape && _offset == other._offset && Strides().AsSpan().SequenceEqual(other.Strides());

    /// <summary>The elements of a contiguous tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> Dense()
    {
        if (_strides is not null || _storage.Generation != _generation)
            ThrowNotDense();
        return _storage.Slice(_offset, _shape.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowNotDense()
    {
        if (_strides is null)
            ThrowReturned();
        throw new InvalidOperationException($"{this} is a view whose elements do not lie in row-major order; expected a contiguous tensor. Use ToArray() or Clone().");
    }

    private void CheckRead()
    {
        Recorder.Current?.RefuseRead(this);
        ThrowIfScratch();
    }

    /// <summary>Refuses what a program computed on the way and did not return.</summary>
    internal void ThrowIfScratch()
    {
        if (_storage.IsScratch)
            throw new InvalidOperationException($"{Name ?? "A tensor"} of shape {Shape} is a temporary of a captured program, whose memory is used again; expected it among the results that the captured body returns.");
    }

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowReturned() => throw new ObjectDisposedException(
        Name ?? $"Tensor<{typeof(T).Name}> {Shape}",
        $"The memory of {Name ?? "a tensor"} of shape {Shape} went back to the pool when its TensorScope ended; expected a read inside the scope, or scope.Keep(tensor) before its end.");

    private int Position(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Rank)
            throw new ArgumentException($"{indices.Length} indices for a tensor of shape {Shape}; expected {Rank}.", nameof(indices));
        int position = _offset;
        int[] strides = Strides();
        for (int axis = 0; axis < indices.Length; axis++)
        {
            int length = Shape[axis], index = indices[axis] < 0 ? indices[axis] + length : indices[axis];
            if ((uint)index >= (uint)length)
                throw new ArgumentOutOfRangeException(nameof(indices), indices[axis], $"Index {indices[axis]} lies outside axis {axis} of shape {Shape}.");
            position += index * strides[axis];
        }
        return position;
    }
}
