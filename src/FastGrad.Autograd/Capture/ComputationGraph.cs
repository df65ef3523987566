using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>The operations of a computation in order, each with its operands: what <see cref="Capture.Graph"/> records.</summary>
/// <remarks>A value is a piece of memory; views of it are the same value. A value that no operation writes was there before: an input or a constant.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ComputationGraph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<Storage, int> _values = new(ReferenceEqualityComparer.Instance);

    internal ComputationGraph(Recorder recorder, Tensor<T> result)
    {
        var operations = new List<GraphOperation<T>>();
        foreach (Instruction instruction in recorder.Instructions)
        {
            operations.Add(instruction switch
            {
                ForwardInstruction<T> forward => Operation(forward.Primitive.Name, forward.Primitive, forward.Inputs, forward.Output),
                CopyInstruction<T> copy => Operation("copy", null, [copy.Source], copy.Target),
                _ => new("other", null, [], [.. instruction.Reads.Select(Number)], -1, default),
            });
        }
        Operations = operations;
        Result = Number(result.Storage);
    }

    /// <summary>The operations, each after those whose results it reads.</summary>
    public IReadOnlyList<GraphOperation<T>> Operations { get; }

    /// <summary>The value of the result.</summary>
    public int Result { get; }

    /// <summary>The value that a tensor is, or is a view of; −1 for one that the computation does not touch.</summary>
    public int ValueOf(Tensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return _values.GetValueOrDefault(tensor.Storage, -1);
    }

    private GraphOperation<T> Operation(string name, Primitive<T>? primitive, Tensor<T>[] inputs, Tensor<T> output) =>
        new(name, primitive, inputs, [.. inputs.Select(input => Number(input.Storage))], Number(output.Storage), output.Shape);

    private int Number(Storage storage)
    {
        if (!_values.TryGetValue(storage, out int number))
            _values[storage] = number = _values.Count;
        return number;
    }
}

/// <summary>One operation of a <see cref="ComputationGraph{T}"/>.</summary>
/// <param name="Name">What dumps call it; <c>copy</c> for a change of layout, <c>other</c> for what is not made of tensors of T, such as a search for indices.</param>
/// <param name="Primitive">The primitive with its attributes, or null.</param>
/// <param name="Inputs">The operands. Elements may be read of those only that no operation writes.</param>
/// <param name="InputValues">The operands' values.</param>
/// <param name="OutputValue">The result's value, or −1.</param>
/// <param name="OutputShape">The result's shape.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record GraphOperation<T>(
    string Name, Primitive<T>? Primitive, IReadOnlyList<Tensor<T>> Inputs, IReadOnlyList<int> InputValues, int OutputValue, Shape OutputShape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
