using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>What a prediction is compared with: numbers, or one class label a row. Tensors of either kind convert to it.</summary>
/// <typeparam name="T">The element type of the prediction.</typeparam>
public readonly struct Target<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers.</summary>
    public Target(Tensor<T> values) => Values = values;

    /// <summary>Labels.</summary>
    public Target(Tensor<int> labels) => Labels = labels;

    /// <summary>The numbers, if it is numbers.</summary>
    public Tensor<T>? Values { get; }

    /// <summary>The labels, if it is labels.</summary>
    public Tensor<int>? Labels { get; }

    /// <summary>Numbers.</summary>
    public static implicit operator Target<T>(Tensor<T> values) => new(values);

    /// <summary>Labels.</summary>
    public static implicit operator Target<T>(Tensor<int> labels) => new(labels);

    /// <summary>The shape of the numbers or labels.</summary>
    internal Shape Shape => Values?.Shape ?? Labels!.Shape;

    /// <summary>Copies the numbers or labels into another target's memory.</summary>
    internal void CopyTo(Target<T> destination)
    {
        Values?.CopyTo(destination.Values!.AsSpan());
        Labels?.CopyTo(destination.Labels!.AsSpan());
    }

    /// <summary>A copy in memory that no scope takes back.</summary>
    internal Target<T> Clone() => Values is not null
        ? new(Tensor.Wrap(Values.ToArray().AsMemory(), Values.Shape))
        : new(Tensor.Wrap(Labels!.ToArray().AsMemory(), Labels.Shape));

    /// <summary>What it is, for messages.</summary>
    public override string ToString() =>
        Values is not null ? $"values of shape {Values.Shape}" : Labels is not null ? $"labels of shape {Labels.Shape}" : "no target";
}
