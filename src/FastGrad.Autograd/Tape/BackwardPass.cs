using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Walks the tape from a result back to its leaves, the latest operation first, without recursion.</summary>
internal static class BackwardPass
{
    /// <summary>The eager pass: fused kernels write or add straight into the gradients' memory.</summary>
    public static void RunFused<T>(TapeNode root, Tensor<T> seed, bool retainGraph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (root is LeafNode<T> { Tensor: { } leaf })
        {
            Tensor<T> target = leaf.GradientTarget(out bool accumulate);
            if (accumulate)
                Kernels.Elementwise.Binary.Apply(default(Kernels.Elementwise.Operators.Add<T>), target.Dense(), seed.Dense(), target.Dense());
            else
                seed.CopyTo(target.Dense());
            return;
        }
        using NoGrad off = new();
        var pending = NodeHeap<T>.Rent();
        var first = (Node<T>)root;
        first.Gradient = seed;
        first.GradientIsShared = true;
        pending.Push(first);
        try
        {
            while (pending.TryPop(out Node<T>? node))
            {
                node.ThrowIfReleased();
                Tensor<T> gradient = node.Gradient!;
                node.Gradient = null;
                for (int i = 0; i < node.InputCount; i++)
                {
                    // The first contribution is what queues a producer: it has none yet.
                    if (node.Edge(i) is Node<T> { Gradient: null } producer)
                        pending.PushOnce(producer);
                }
                node.Primitive.Backward(new BackwardContext<T>(node, gradient));
                if (!retainGraph)
                    node.Release();
            }
        }
        finally
        {
            pending.Clear();
        }
    }

    /// <summary>The functional pass: gradients are tensors that can be differentiated again.</summary>
    /// <returns>The leaves that were reached; each holds its gradient.</returns>
    public static List<LeafNode<T>> RunFunctional<T>(TapeNode root, Tensor<T> seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<LeafNode<T>> leaves = [];
        if (root is LeafNode<T> only)
        {
            only.Gradient = seed;
            return [only];
        }
        var pending = NodeHeap<T>.Rent();
        var first = (Node<T>)root;
        first.Gradient = seed;
        pending.Push(first);
        try
        {
            while (pending.TryPop(out Node<T>? node))
            {
                node.ThrowIfReleased();
                Tensor<T> gradient = node.Gradient!;
                node.Gradient = null;
                for (int i = 0; i < node.InputCount; i++)
                {
                    if (node.Edge(i) is not { } edge)
                        continue;
                    Tensor<T> contribution = node.Primitive.Vjp(i, new Linearization<T>(node), gradient);
                    if (edge is LeafNode<T> leaf)
                    {
                        if (leaf.Gradient is null)
                            leaves.Add(leaf);
                        leaf.Gradient = leaf.Gradient is null ? contribution : leaf.Gradient + contribution;
                    }
                    else
                    {
                        var producer = (Node<T>)edge;
                        if (producer.Gradient is null)
                            pending.PushOnce(producer);
                        producer.Gradient = producer.Gradient is null ? contribution : producer.Gradient + contribution;
                    }
                }
            }
        }
        finally
        {
            pending.Clear();
        }
        return leaves;
    }
}
