using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>What losses over class labels share: a weight for each class, and a label that does not count.</summary>
internal sealed class ClassLabels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T>? _weights;

    public ClassLabels(ReadOnlySpan<double> classWeights, int? ignoredLabel)
    {
        IgnoredLabel = ignoredLabel;
        if (classWeights.IsEmpty)
            return;
        T[] weights = new T[classWeights.Length];
        for (int c = 0; c < weights.Length; c++)
        {
            if (!(classWeights[c] >= 0) || double.IsInfinity(classWeights[c]))
                throw new ArgumentOutOfRangeException(nameof(classWeights), classWeights[c], $"The weight of class {c} is {classWeights[c]}; expected a finite number, 0 or above.");
            weights[c] = T.CreateTruncating(classWeights[c]);
        }
        _weights = Tensor.Wrap(weights.AsMemory(), [weights.Length]);
    }

    public int? IgnoredLabel { get; }

    /// <summary>Whether every row counts 1.</summary>
    public bool AreAlike => _weights is null && IgnoredLabel is null;

    /// <summary>The weights of the classes, if they are not all 1.</summary>
    public Tensor<T>? Weights(int classes) => _weights is null || _weights.Length == classes
        ? _weights
        : throw new ArgumentException($"{_weights.Length} class weights for {classes} classes; expected one each.", nameof(classes));

    /// <summary>What each row counts: its class's weight, 0 where its label is ignored. Read again in each run of a program.</summary>
    public Tensor<T> Of(Tensor<int> labels, Shape prediction)
    {
        Tensor<T> weights = Weights(prediction[-1]) ?? Tensor.Ones<T>([prediction[-1]]);
        return weights.BroadcastTo(prediction).PickLabels(labels, IgnoredLabel);
    }
}
