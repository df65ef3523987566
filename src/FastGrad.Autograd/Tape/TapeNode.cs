namespace FastGrad.Autograd;

/// <summary>A place on the tape: a recorded operation, or a leaf.</summary>
/// <remarks>
/// A result holds its node, a node holds the nodes of its inputs: references go backwards in time only, and what nobody
/// holds any more, the collector frees, however long the chain. Nodes that were recorded in a scope serve again after it; whoever
/// holds one remembers its generation.
/// </remarks>
internal abstract class TapeNode(bool isLeaf)
{
    public bool IsLeaf { get; } = isLeaf;

    /// <summary>When it was recorded. Consumers come after producers, so backward walks descending numbers.</summary>
    /// <remarks>
    /// A clock of the thread's own, put forward by what the operation reads (Lamport 1978, "Time, clocks, and the ordering of events in a
    /// distributed system"): the order of recording on one thread, and nothing that threads share.
    /// </remarks>
    public long Sequence { get; protected set; }

    /// <summary>Grows when the node's scope ends.</summary>
    public int Generation { get; private set; }

    /// <summary>Where the operation came from, if anomalies were watched for then.</summary>
    public string? CallSite { get; protected set; }

    /// <summary>Ends what the node stood for: whoever holds it is told.</summary>
    public void EndLife() => Generation++;
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
