namespace FastGrad.Autograd;

/// <summary>An input of programs whose elements are, in each run, those of the tensor that was shown last: read where they lie, without a copy.</summary>
/// <remarks>What is shown must stay as it is until the run is over. Before the first is shown the elements are undefined, and take no memory.</remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class ProgramInput<T>
    where T : unmanaged
{
    private readonly Storage<T> _storage;

    /// <summary>An input.</summary>
    /// <param name="shape">The shape of what will be shown.</param>
    public ProgramInput(Shape shape)
    {
        _storage = Storage<T>.Defer(shape.Length);
        Tensor = new(_storage, shape);
    }

    /// <summary>What programs read.</summary>
    public Tensor<T> Tensor { get; }

    /// <summary>Lets programs read another tensor's elements. Those that do not lie in a row, or in no array, are copied.</summary>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    /// <exception cref="ObjectDisposedException">Its memory went back with its scope.</exception>
    public void Show(Tensor<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        Check(elements);
        if (!elements.IsContiguous || !_storage.Borrow(elements.Storage, elements.Offset))
            Copy(elements);
    }

    /// <summary>Copies another tensor's elements, which may change from now on.</summary>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public void Copy(Tensor<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        Check(elements);
        _storage.Own();
        elements.CopyTo(Tensor.AsSpan());
    }

    private void Check(Tensor<T> elements)
    {
        if (elements.Shape != Tensor.Shape)
            throw new ArgumentException($"A tensor of shape {elements.Shape} for an input of programs; expected {Tensor.Shape}.", nameof(elements));
        elements.CheckRead();
        _ = elements.Elements(); // that they are there
    }
}
