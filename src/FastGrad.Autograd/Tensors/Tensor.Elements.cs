using System.Runtime.CompilerServices;

namespace FastGrad.Autograd;

// What reads and changes elements.
public sealed partial class Tensor<T>
{
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

    /// <summary>The elements' strides, axis by axis.</summary>
    internal int[] Strides() => _strides ?? Shape.RowMajorStrides();

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

    /// <summary>All of the memory behind the tensor, from the storage's start.</summary>
    internal Span<T> Elements()
    {
        if (_storage.Generation != _generation)
            ThrowReturned();
        return _storage.Span;
    }

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

    internal void CheckRead()
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
