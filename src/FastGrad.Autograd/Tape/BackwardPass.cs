using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;

namespace FastGrad.Autograd;

/// <summary>Walks the tape from a result back to its leaves, the latest operation first, without recursion.</summary>
internal static class BackwardPass
{
    /// <summary>The eager pass: fused kernels write or add straight into the gradients' memory.</summary>
    public static void RunFused<T>(TapeNode root, Tensor<T> seed, bool retainGraph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NoGrad off = new();
        var pending = NodeHeap<T>.Rent();
        try
        {
            Give(pending, root, seed);
            WalkFused(pending, after: 0, retainGraph);
            foreach (LeafNode<T> leaf in pending.Hooked)
            {
                Tensor<T> whole = ((GradientHooks<T>)leaf.Hooks!).Run(leaf.Gradient!);
                leaf.Gradient = null;
                Add(whole, OwnTarget(leaf, out bool accumulate), accumulate);
            }
        }
        finally
        {
            pending.Clear();
        }
    }

    // Takes the nodes that were recorded after a moment, the latest first; older ones go on waiting.
    private static void WalkFused<T>(NodeHeap<T> pending, long after, bool retainGraph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        while (pending.TryPop(after, out Node<T>? node))
        {
            Tensor<T> gradient = node.Gradient!;
            node.Gradient = null;
            node.ThrowIfUnusable();
            if (node.Hooks is { Any: true } hooks)
                gradient = hooks.Run(gradient).Contiguous();
            if (node.Primitive is Checkpointed<T> segment)
            {
                using TensorScope scope = TensorScope.Nested();
                if (segment.Recompute(node).Node is { } end)
                {
                    Give(pending, end, gradient);
                    WalkFused(pending, node.Sequence, retainGraph);
                    pending.KeepGradients();
                }
            }
            else
            {
                PullBackFused(pending, node, gradient);
            }
            if (!retainGraph)
                node.Release();
        }
    }

    private static void PullBackFused<T>(NodeHeap<T> pending, Node<T> node, Tensor<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Linearization<T> at = new(node);
        ThreadState thread = ThreadState.Current;
        for (int i = 0; i < node.InputCount; i++)
        {
            if (node.Edge(i) is not { } edge)
                continue;
            if (!node.Primitive.FusesBackward(i, at))
            {
                Give(pending, edge, Vjp(node, i, gradient));
                continue;
            }
            if (edge is Node<T> { Gradient: null } producer)
                pending.PushOnce(producer); // its first contribution queues a producer
            Tensor<T> target = Target(pending, edge, out bool accumulate);
            if (thread.Recorder is { } recorder)
            {
                recorder.Add(new BackwardInstruction<T>(node.Captured(), i, gradient, target, accumulate));
                continue;
            }
            node.Primitive.Backward(i, at, gradient, target, accumulate);
            if (thread.Watch != AnomalyDetection.Watch.Off)
                AnomalyDetection.CheckGradient(node, i, gradient, target);
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
        Add(root, seed);
        try
        {
            while (pending.TryPop(after: 0, out Node<T>? node))
            {
                Tensor<T> gradient = node.Gradient!;
                node.Gradient = null;
                node.ThrowIfUnusable();
                if (node.Hooks is { Any: true } hooks)
                    gradient = hooks.Run(gradient);
                if (node.Primitive is Checkpointed<T> segment)
                {
                    if (segment.Recompute(node).Node is { } end)
                        Add(end, gradient);
                    continue;
                }
                for (int i = 0; i < node.InputCount; i++)
                {
                    if (node.Edge(i) is { } edge)
                        Add(edge, Vjp(node, i, gradient));
                }
            }
        }
        catch
        {
            foreach (LeafNode<T> leaf in leaves)
                leaf.Gradient = null; // half a sum: the next pass must not add to it
            throw;
        }
        finally
        {
            pending.Clear();
        }
        foreach (LeafNode<T> leaf in leaves)
        {
            if (leaf.Hooks is GradientHooks<T> hooks)
                leaf.Gradient = hooks.Run(leaf.Gradient!);
        }
        return leaves;

        void Add(TapeNode edge, Tensor<T> contribution)
        {
            if (edge is LeafNode<T> leaf)
            {
                if (leaf.Gradient is null)
                    leaves.Add(leaf);
                leaf.Gradient = leaf.Gradient is null ? contribution : leaf.Gradient + contribution;
                return;
            }
            var producer = (Node<T>)edge;
            if (producer.Gradient is null)
                pending.PushOnce(producer);
            producer.Gradient = producer.Gradient is null ? contribution : producer.Gradient + contribution;
        }
    }

    private static Tensor<T> Vjp<T>(Node<T> node, int input, Tensor<T> dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> gradient = node.Primitive.Vjp(input, new Linearization<T>(node), dy);
        if (AnomalyDetection.IsActive && gradient.Trace is null && Recorder.Current is null)
            AnomalyDetection.CheckGradient(node, input, dy, gradient);
        return gradient.Shape == node.InputShape(input)
            ? gradient
            : throw new InvalidOperationException($"The Vjp of '{node.Primitive.Name}' gave input {input} a gradient of shape {gradient.Shape}; expected {node.InputShape(input)}.");
    }

    // Where a kernel puts a contribution: a leaf's gradient, or that of an operation's output; to be written first, added to later.
    private static Tensor<T> Target<T>(NodeHeap<T> pending, TapeNode edge, out bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (edge is LeafNode<T> leaf)
        {
            if (leaf.Hooks is not GradientHooks<T> { Any: true })
                return OwnTarget(leaf, out accumulate);
            accumulate = leaf.Gradient is not null;
            if (leaf.Gradient is null)
                pending.Hooked.Add(leaf);
            return leaf.Gradient ??= Kept(Tensor.Uninitialized<T>(leaf.Tensor!.Shape)); // a segment's scope must not take it back
        }
        var producer = (Node<T>)edge;
        accumulate = producer.Gradient is not null;
        if (producer.Gradient is null)
            producer.Gradient = Tensor.Uninitialized<T>(producer.OutputShape);
        else if (producer.GradientIsShared)
            producer.Gradient = producer.Gradient.Clone();
        producer.GradientIsShared = false;
        return producer.Gradient;
    }

    private static Tensor<T> OwnTarget<T>(LeafNode<T> leaf, out bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> target = leaf.Tensor!.GradientTarget(out accumulate);
        if (Recorder.Current is { } recorder)
            Finish(recorder, leaf.Tensor!, target);
        return target;
    }

    // Apart, since a method with a closure makes it whichever way it goes.
    private static void Finish<T>(Recorder recorder, Tensor<T> leaf, Tensor<T> gradient)
        where T : unmanaged => recorder.Finishers.Add(() => leaf.MarkGradient(gradient));

    // A contribution that is a tensor already: the first is taken as it is, without a copy, and must not be changed then.
    private static void Give<T>(NodeHeap<T> pending, TapeNode edge, Tensor<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (edge is Node<T> { Gradient: null } producer)
        {
            pending.PushOnce(producer);
            producer.Gradient = gradient.Contiguous();
            producer.GradientIsShared = true;
            return;
        }
        Add(gradient, Target(pending, edge, out bool accumulate), accumulate);
    }

    private static void Add<T>(Tensor<T> gradient, Tensor<T> target, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Recorder.Current is { } recorder)
            recorder.Add(new CopyInstruction<T>(gradient.Contiguous(), target, accumulate));
        else if (accumulate)
            Binary.Apply(default(Add<T>), target.Dense(), gradient.Contiguous().Dense(), target.Dense());
        else
            gradient.CopyElements(target.Dense());
    }

    private static Tensor<T> Kept<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        tensor.Storage.Kept = true;
        return tensor;
    }
}
