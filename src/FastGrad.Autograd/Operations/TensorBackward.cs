using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Backpropagation.</summary>
public static class TensorBackward
{
    extension<T>(Tensor<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Adds ∂y/∂x to <see cref="Tensor{T}.Grad"/> of every leaf x that y depends on and that requires a gradient.</summary>
        /// <remarks>
        /// The first contribution to a leaf is written, later ones are added, the latest operation first: the same order, and the same
        /// bits, in every run. What the tape saved is released, unless the graph is retained.
        /// </remarks>
        /// <param name="gradient">The gradient with respect to y, in its shape; may be left out for a scalar, where it is 1.</param>
        /// <param name="retainGraph">Whether a second pass through the same operations is to be possible.</param>
        /// <param name="createGraph">Whether the gradients are to be differentiable themselves; it retains the graph.</param>
        /// <exception cref="InvalidOperationException">
        /// y requires no gradient; it is no scalar and no gradient is given; the graph was released; or a saved value was changed in place.
        /// </exception>
        /// <exception cref="ArgumentException">The gradient's shape is not y's.</exception>
        public void Backward(Tensor<T>? gradient = null, bool retainGraph = false, bool createGraph = false)
        {
            if (y.Trace is not null)
                throw new InvalidOperationException("Backward() inside a transform, on a tensor that the transform traces; expected Transforms.Grad or Transforms.Vjp there.");
            if (y.Node is not { } root)
                throw new InvalidOperationException($"Backward() on {y}, which requires no gradient; expected a result of at least one tensor with RequiresGrad = true, computed outside NoGrad.");
            Tensor<T> seed = Seed(y, gradient);
            if (!createGraph)
            {
                BackwardPass.RunFused(root, seed.Contiguous(), retainGraph);
                return;
            }
            foreach (LeafNode<T> leaf in BackwardPass.RunFunctional(root, seed))
            {
                Tensor<T> tensor = leaf.Tensor!;
                Tensor<T> sum = tensor.Grad is { } before ? before + leaf.Gradient! : leaf.Gradient!;
                // A copy at the same place on the tape: the seed, or another leaf's gradient, may be the same tensor, and clipping works in place.
                Tensor<T> own = sum.Clone();
                own.Node = sum.Node;
                ScopeFrame.Keep(own); // gradients of leaves escape the scope
                tensor.Grad = own;
                leaf.Gradient = null;
            }
        }
    }

    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Shows each backward pass's gradient of this tensor to a function, which may replace it.</summary>
        /// <remarks>
        /// On a result the gradient is complete when the function sees it, and goes on to the inputs after it. On a leaf it is the sum over
        /// the pass, which is added to <see cref="Tensor{T}.Grad"/> after it. Several functions run in the order in which they came. In a
        /// captured program the function runs at capture; the tensor operations that it does are replayed. A function that comes to a leaf, or
        /// leaves it, makes captured training steps record anew (<see cref="Capture.Generation"/>).
        /// </remarks>
        /// <param name="hook">The function; it returns the gradient to go on with, in the same shape, or null for the one it got.</param>
        /// <returns>What takes the function away again.</returns>
        /// <exception cref="InvalidOperationException">The tensor requires no gradient, or a transform traces it.</exception>
        public GradientHook RegisterHook(Func<Tensor<T>, Tensor<T>?> hook)
        {
            ArgumentNullException.ThrowIfNull(hook);
            return x.Node switch
            {
                LeafNode<T> leaf => Announced(((GradientHooks<T>)(leaf.Hooks ??= new GradientHooks<T>())).Add(hook)),
                Node<T> node => (node.Hooks ??= new()).Add(hook),
                _ => throw new InvalidOperationException($"A gradient hook on {x}, which no backward pass reaches; expected a tensor that requires a gradient, outside of transforms."),
            };
        }

        /// <summary>Lets <see cref="Tensor{T}.Grad"/> of a result accumulate like a leaf's.</summary>
        /// <returns>What ends it.</returns>
        /// <exception cref="InvalidOperationException">The tensor requires no gradient, or a transform traces it.</exception>
        public GradientHook RetainGrad() => x.RegisterHook(gradient =>
        {
            if (!x.IsLeaf)
            {
                Tensor<T> sum = x.Grad is { } before ? before + gradient : gradient.Clone();
                ScopeFrame.Keep(sum);
                x.Grad = sum;
            }
            return null;
        });
    }

    private static GradientHook Announced(GradientHook hook)
    {
        Capture.Invalidate();
        return new(() =>
        {
            hook.Dispose();
            Capture.Invalidate();
        });
    }

    internal static Tensor<T> Seed<T>(Tensor<T> y, Tensor<T>? gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (gradient is null)
        {
            return y.Length == 1
                ? Tensor.Full(y.Shape, T.One)
                : throw new InvalidOperationException($"Backward() on a tensor of shape {y.Shape}, which is no scalar; expected a scalar such as a loss's mean, or a gradient of that shape as the argument.");
        }
        return gradient.Shape == y.Shape
            ? gradient
            : throw new ArgumentException($"The gradient has shape {gradient.Shape}; expected {y.Shape}, as the tensor it belongs to.", nameof(gradient));
    }
}
