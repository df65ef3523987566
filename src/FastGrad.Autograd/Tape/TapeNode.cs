namespace FastGrad.Autograd;

/// <summary>A place on the tape: a recorded operation, or a leaf.</summary>
/// <remarks>
/// A result holds its node, a node holds the nodes of its inputs: references go backwards in time only, and what nobody
/// holds any more, the collector frees, however long the chain.
/// </remarks>
internal abstract class TapeNode
{
    private static long s_sequence;

    protected TapeNode(bool isLeaf) => (IsLeaf, Sequence) = (isLeaf, isLeaf ? 0 : Interlocked.Increment(ref s_sequence));

    public bool IsLeaf { get; }

    /// <summary>When it was recorded. Consumers come after producers, so backward walks descending numbers.</summary>
    public long Sequence { get; }

    /// <summary>Where the operation came from, if anomalies were watched for then.</summary>
    public string? CallSite { get; } = AnomalyDetection.IsActive ? AnomalyDetection.CallSite() : null;
}

/// <summary>A tensor with respect to which derivatives are taken.</summary>
internal sealed class LeafNode<T>(Tensor<T>? tensor) : TapeNode(isLeaf: true)
    where T : unmanaged
{
    /// <summary>A GradientHooks of T, if any; leaves of integers have none, so the type cannot say so.</summary>
    public object? Hooks { get; set; }

    /// <summary>The leaf whose <see cref="Tensor{T}.Grad"/> accumulates; null for a transform's variable.</summary>
    public Tensor<T>? Tensor { get; } = tensor;

    /// <summary>The gradient of the pass under way, in a functional pass, or where hooks wait for the whole of it.</summary>
    public Tensor<T>? Gradient { get; set; }
}
