using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>The nodes that await their turn in a backward pass, the latest on top: a binary heap.</summary>
/// <remarks>A chain has one or two waiting at a time, so the common push and pop compare once.</remarks>
internal sealed class NodeHeap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static NodeHeap<T>? s_spare;

    private Node<T>?[] _nodes = new Node<T>?[16];
    private int _count;

    /// <summary>The leaves whose hooks wait for the whole gradient of the pass.</summary>
    public List<LeafNode<T>> Hooked { get; } = [];

    /// <summary>An empty heap, reused from the last pass of this thread.</summary>
    public static NodeHeap<T> Rent()
    {
        NodeHeap<T> heap = s_spare ?? new();
        s_spare = null;
        return heap;
    }

    /// <summary>Queues a node unless it waits already: an operation may take the same tensor twice.</summary>
    public void PushOnce(Node<T> node)
    {
        if (node.IsQueued)
            return;
        node.IsQueued = true;
        if (_count == _nodes.Length)
            Array.Resize(ref _nodes, 2 * _count);
        int hole = _count++;
        while (hole > 0 && _nodes[(hole - 1) / 2]!.Sequence < node.Sequence)
        {
            _nodes[hole] = _nodes[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }
        _nodes[hole] = node;
    }

    /// <summary>Takes the latest node, if it was recorded after <paramref name="after"/>.</summary>
    public bool TryPop(long after, [NotNullWhen(true)] out Node<T>? node)
    {
        node = _count > 0 ? _nodes[0] : null;
        if (node is null || node.Sequence <= after)
        {
            node = null;
            return false;
        }
        node.IsQueued = false;
        Node<T> last = _nodes[--_count]!;
        _nodes[_count] = null;
        if (_count > 0)
            SiftDown(last);
        return true;
    }

    /// <summary>Lets the waiting gradients outlive the scope in which a segment's pass made them.</summary>
    public void KeepGradients()
    {
        for (int i = 0; i < _count; i++)
            _nodes[i]!.Gradient!.Storage.Kept = true;
    }

    /// <summary>Empties the heap, forgets half-made gradients of a pass that failed, and offers it to the next pass.</summary>
    public void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            (_nodes[i]!.Gradient, _nodes[i]!.IsQueued) = (null, false);
            _nodes[i] = null;
        }
        _count = 0;
        foreach (LeafNode<T> leaf in Hooked)
            leaf.Gradient = null;
        Hooked.Clear();
        s_spare = this;
    }

    private void SiftDown(Node<T> node)
    {
        int hole = 0;
        for (int child = 1; child < _count; child = 2 * hole + 1)
        {
            if (child + 1 < _count && _nodes[child + 1]!.Sequence > _nodes[child]!.Sequence)
                child++;
            if (_nodes[child]!.Sequence <= node.Sequence)
                break;
            _nodes[hole] = _nodes[child];
            hole = child;
        }
        _nodes[hole] = node;
    }
}
