using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>The nodes that await their turn in a backward pass, the latest on top.</summary>
internal sealed class NodeHeap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static NodeHeap<T>? s_spare;

    private readonly PriorityQueue<Node<T>, long> _queue = new();
    private readonly HashSet<Node<T>> _queued = [];

    /// <summary>The leaves whose hooks wait for the whole gradient of the pass.</summary>
    public List<LeafNode<T>> Hooked { get; } = [];

    /// <summary>An empty heap, reused from the last pass of this thread.</summary>
    public static NodeHeap<T> Rent()
    {
        NodeHeap<T> heap = s_spare ?? new();
        s_spare = null;
        return heap;
    }

    public void Push(Node<T> node)
    {
        _queued.Add(node);
        _queue.Enqueue(node, -node.Sequence);
    }

    /// <summary>Queues a node unless it waits already: an operation may take the same tensor twice.</summary>
    public void PushOnce(Node<T> node)
    {
        if (_queued.Add(node))
            _queue.Enqueue(node, -node.Sequence);
    }

    /// <summary>Takes the latest node, if it was recorded after <paramref name="after"/>.</summary>
    public bool TryPop(long after, [NotNullWhen(true)] out Node<T>? node)
    {
        if (!_queue.TryPeek(out node, out long negated) || -negated <= after)
        {
            node = null;
            return false;
        }
        _queued.Remove(_queue.Dequeue());
        return true;
    }

    /// <summary>Lets the waiting gradients outlive the scope in which a segment's pass made them.</summary>
    public void KeepGradients()
    {
        foreach ((Node<T> node, _) in _queue.UnorderedItems)
            node.Gradient!.Storage.Kept = true;
    }

    /// <summary>Empties the heap, forgets half-made gradients of a pass that failed, and offers it to the next pass.</summary>
    public void Clear()
    {
        while (_queue.TryDequeue(out Node<T>? node, out _))
            node.Gradient = null;
        foreach (LeafNode<T> leaf in Hooked)
            leaf.Gradient = null;
        Hooked.Clear();
        _queued.Clear();
        s_spare = this;
    }
}
