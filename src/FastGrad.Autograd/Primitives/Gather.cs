using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Single elements along an axis: y[…, i, …] = x[…, index[…, i, …], …], as torch.gather.</summary>
/// <param name="axis">The axis.</param>
/// <param name="index">The indices: x's lengths on all other axes; read and checked in each run.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Gather<T>(int axis, Tensor<int> index) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<int> _index = index.Contiguous();

    /// <inheritdoc/>
    public override string Name => "gather";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _index.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        IndexShape.Check(inputs[0].Shape, _index.Shape, axis, Name);
        return _index.Shape;
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit split = new(inputs[0].Shape, axis);
        Kernels.Indexing.Gather.Copy<T>(inputs[0].Dense(), _index.Dense(), split.Outer, split.Length, _index.Shape[axis], split.Inner, output.Dense());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        new ScatterAdd<T>(axis, _index).Apply(Tensor.Zeros<T>(at.InputShape(0)), dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}

/// <summary>x with elements added along an axis: y[…, index[…, i, …], …] += source[…, i, …], as torch.scatter_add.</summary>
/// <param name="axis">The axis.</param>
/// <param name="index">The indices, in the source's shape; each sum is a chain of additions in order, any index may come again.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ScatterAdd<T>(int axis, Tensor<int> index) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<int> _index = index.Contiguous();

    /// <inheritdoc/>
    public override string Name => "scatter-add";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _index.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => IndexShape.CheckSource(inputs, _index.Shape, axis, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit split = new(output.Shape, axis);
        inputs[0].Dense().CopyTo(output.Dense());
        Kernels.Indexing.Scatter.Add(inputs[1].Dense(), _index.Dense(), split.Outer, split.Length, _index.Shape[axis], split.Inner, output.Dense());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => input == 0 ? dy : new Gather<T>(axis, _index).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(
        tangents[0] ?? Tensor.Zeros<T>(at.InputShape(0)), tangents[1] ?? Tensor.Zeros<T>(at.InputShape(1)));
}

/// <summary>x with elements replaced along an axis: y[…, index[…, i, …], …] = source[…, i, …], as torch.scatter.</summary>
/// <remarks>Where an index comes twice on a line, the last one stays, and only that one has a gradient; torch leaves both open.</remarks>
/// <param name="axis">The axis.</param>
/// <param name="index">The indices, in the source's shape.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Scatter<T>(int axis, Tensor<int> index) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<int> _index = index.Contiguous();

    /// <inheritdoc/>
    public override string Name => "scatter";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _index.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => IndexShape.CheckSource(inputs, _index.Shape, axis, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit split = new(output.Shape, axis);
        inputs[0].Dense().CopyTo(output.Dense());
        Kernels.Indexing.Scatter.Copy<T>(inputs[1].Dense(), _index.Dense(), split.Outer, split.Length, _index.Shape[axis], split.Inner, output.Dense());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => input == 0
        ? Apply(dy, Tensor.Zeros<T>(_index.Shape))
        : new Gather<T>(axis, _index).Apply(dy) * new LastOfIndex<T>(axis, _index, at.InputShape(0)[axis]).Apply();

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(
        tangents[0] ?? Tensor.Zeros<T>(at.InputShape(0)), tangents[1] ?? Tensor.Zeros<T>(at.InputShape(1)));
}

/// <summary>1 where an index is the last of its value on its line, 0 where another follows: a constant without inputs.</summary>
/// <param name="axis">The axis.</param>
/// <param name="index">The indices.</param>
/// <param name="extent">The length of the axis that they point into.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LastOfIndex<T>(int axis, Tensor<int> index, int extent) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<int> _index = index.Contiguous();

    /// <inheritdoc/>
    public override string Name => "last-of-index";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _index.Storage;

    /// <inheritdoc/>
    public override bool IsDifferentiable => false;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => _index.Shape;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit split = new(_index.Shape, axis);
        ReadOnlySpan<int> all = _index.Dense();
        Span<T> y = output.Dense();
        Span<bool> seen = extent <= 1024 ? stackalloc bool[extent] : new bool[extent];
        for (int line = 0; line < split.Outer * split.Inner; line++)
        {
            seen.Clear();
            for (int i = split.Length - 1; i >= 0; i--)
            {
                int at = (line / split.Inner * split.Length + i) * split.Inner + line % split.Inner;
                y[at] = seen[all[at]] ? T.Zero : T.One;
                seen[all[at]] = true;
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => throw new NotSupportedException("A constant has no inputs.");

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Tensor.Zeros<T>(at.OutputShape);
}

/// <summary>The rule for index tensors.</summary>
internal static class IndexShape
{
    public static void Check(Shape x, Shape index, int axis, string operation)
    {
        int normal = x.NormalizeAxis(axis);
        bool fits = index.Rank == x.Rank;
        for (int i = 0; i < x.Rank && fits; i++)
            fits = i == normal || index[i] == x[i];
        if (!fits)
            throw new ArgumentException($"'{operation}' along axis {normal} of {x} with indices of shape {index}; expected the same lengths on all other axes.", nameof(index));
    }

    public static Shape CheckSource<T>(ReadOnlySpan<Tensor<T>> inputs, Shape index, int axis, string operation)
        where T : unmanaged
    {
        Check(inputs[0].Shape, index, axis, operation);
        return inputs[1].Shape == index
            ? inputs[0].Shape
            : throw new ArgumentException($"'{operation}' of a source of shape {inputs[1].Shape} with indices of shape {index}; expected the same shape.", nameof(inputs));
    }
}
