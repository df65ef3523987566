using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Makes tensors.</summary>
public static class Tensor
{
    /// <summary>A scalar.</summary>
    public static Tensor<T> Scalar<T>(T value)
        where T : unmanaged => Full(Shape.Scalar, value);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor<T> Zeros<T>(Shape shape)
        where T : unmanaged => Full<T>(shape, default);

    /// <summary>A tensor of ones.</summary>
    public static Tensor<T> Ones<T>(Shape shape)
        where T : unmanaged, INumberBase<T> => Full(shape, T.One);

    /// <summary>A tensor of one value.</summary>
    public static Tensor<T> Full<T>(Shape shape, T value)
        where T : unmanaged
    {
        Tensor<T> tensor = Uninitialized<T>(shape);
        tensor.Dense().Fill(value);
        return tensor;
    }

    /// <summary>A vector with a copy of the values.</summary>
    public static Tensor<T> From<T>(params ReadOnlySpan<T> values)
        where T : unmanaged => From(values, [values.Length]);

    /// <summary>A tensor with a copy of the values, given in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static Tensor<T> From<T>(ReadOnlySpan<T> values, Shape shape)
        where T : unmanaged
    {
        CheckLength(values.Length, shape, nameof(values));
        Tensor<T> tensor = Uninitialized<T>(shape);
        values.CopyTo(tensor.Dense());
        return tensor;
    }

    /// <summary>A matrix with a copy of the values.</summary>
    public static Tensor<T> From<T>(T[,] values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        Tensor<T> tensor = Uninitialized<T>([values.GetLength(0), values.GetLength(1)]);
        Span<T> elements = tensor.Dense();
        int i = 0;
        foreach (T value in values)
            elements[i++] = value;
        return tensor;
    }

    /// <summary>A tensor over the caller's memory, in row-major order, without a copy: changes on either side are seen on the other.</summary>
    /// <exception cref="ArgumentException">The number of elements is not the shape's.</exception>
    public static Tensor<T> Wrap<T>(Memory<T> memory, Shape shape)
        where T : unmanaged
    {
        CheckLength(memory.Length, shape, nameof(memory));
        return new(Storage<T>.Wrap(memory), shape);
    }

    /// <summary>A tensor whose elements are about to be written: from the open scope's pool, or from the collector.</summary>
    internal static Tensor<T> Uninitialized<T>(Shape shape)
        where T : unmanaged => Uninitialized<T>(ThreadState.Current, shape);

    /// <inheritdoc cref="Uninitialized{T}(Shape)"/>
    internal static Tensor<T> Uninitialized<T>(ThreadState thread, Shape shape)
        where T : unmanaged
    {
        if (thread.Recorder is { } recorder)
            return new(recorder.Allocate<T>(shape.Length), shape);
        if (thread.Scope is not { } scope)
            return new(Storage<T>.Allocate(shape.Length), shape);
        Storage<T> storage = shape.Length <= ScopePool<T>.MaxLength && thread.Pool<T>() is { } pool
            ? pool.Take(shape.Length)
            : ComputeContext.Current.Pool<T>().Take(shape.Length);
        scope.Add(storage);
        return Tensor<T>.Over(thread, storage, storage.Generation, shape, null, 0);
    }

    private static void CheckLength(int length, Shape shape, string name)
    {
        if (length != shape.Length)
            throw new ArgumentException($"{length} elements for shape {shape}; expected {shape.Length}.", name);
    }
}
