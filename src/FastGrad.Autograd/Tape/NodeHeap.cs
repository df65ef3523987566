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

    public bool TryPop([NotNullWhen(true)] out Node<T>? node)
    {
        bool any = _queue.TryDequeue(out node, out _);
        if (any)
            _queued.Remove(node!);
        return any;
    }

    /// <summary>Empties the heap, forgets half-made gradients of a pass that failed, and offers it to the next pass.</summary>
    public void Clear()
    {
        while (_queue.TryDequeue(out Node<T>? node, out _))
            node.Gradient = null;
        _queued.Clear();
        s_spare = this;
    }
}
