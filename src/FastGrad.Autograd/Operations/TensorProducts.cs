using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Products of vectors, matrices and stacks of matrices.</summary>
public static class TensorProducts
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The matrix product as torch.matmul has it: vectors are rows on the left and columns on the right, axes before the last two broadcast.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> MatMul(Tensor<T> y)
        {
            ArgumentNullException.ThrowIfNull(y);
            if (x.Rank == 0 || y.Rank == 0)
                throw new ArgumentException($"The matrix product of {x.Shape} and {y.Shape} does not exist; expected at least one axis each.", nameof(y));
            if (x.Rank == 1)
                return x.Unsqueeze(0).MatMul(y).Squeeze(y.Rank == 1 ? 0 : -2);
            if (y.Rank == 1)
                return x.MatMul(y.Unsqueeze(1)).Squeeze(-1);
            if (y.Rank > 2 && !x.Shape.Axes[..^2].SequenceEqual(y.Shape.Axes[..^2]) && x.Shape[-1] == y.Shape[-2])
            {
                Shape batch = Shape.Broadcast(Shape.Create(x.Shape.Axes[..^2]), Shape.Create(y.Shape.Axes[..^2]));
                return Primitives.MatMul<T>.Instance.Apply(
                    x.BroadcastTo(Shape.Create([.. batch.Axes, .. x.Shape.Axes[^2..]])), y.BroadcastTo(Shape.Create([.. batch.Axes, .. y.Shape.Axes[^2..]])));
            }
            return Primitives.MatMul<T>.Instance.Apply(x, y);
        }

        /// <summary>xᵢ·yⱼ of two vectors: a matrix.</summary>
        /// <exception cref="ArgumentException">They are no vectors.</exception>
        public Tensor<T> Outer(Tensor<T> y)
        {
            ArgumentNullException.ThrowIfNull(y);
            return x.Rank == 1 && y.Rank == 1
                ? x.Unsqueeze(1) * y.Unsqueeze(0)
                : throw new ArgumentException($"The outer product of {x.Shape} and {y.Shape}; expected two vectors.", nameof(y));
        }
    }

    /// <summary>Sums of products by Einstein's convention, such as <c>"bij,bjk->bik"</c>; contracted from left to right. As torch.einsum.</summary>
    /// <param name="equation">A letter names an axis; what the result lacks is summed; a letter twice in an operand is its diagonal; <c>...</c> broadcasts.</param>
    /// <param name="tensors">One tensor for each operand.</param>
    /// <exception cref="ArgumentException">The equation is wrong, or does not fit the shapes.</exception>
    public static Tensor<T> Einsum<T>(string equation, params ReadOnlySpan<Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(equation);
        return Autograd.Einsum<T>.Evaluate(equation, tensors);
    }
}
