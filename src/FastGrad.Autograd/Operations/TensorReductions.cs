using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Sums, products of matrices, and what works along the last axis.</summary>
public static class TensorReductions
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The sum of all elements: a scalar.</summary>
        public Tensor<T> Sum() => x.Rank == 0 ? x : Primitives.Sum<T>.Of(x.Rank).Apply(x);

        /// <summary>The sum over the given axes.</summary>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="keepAxes">Whether a summed axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">An axis is named twice, or does not exist.</exception>
        public Tensor<T> Sum(ReadOnlySpan<int> axes, bool keepAxes = false)
        {
            Span<bool> reduced = stackalloc bool[x.Rank];
            x.Shape.MarkAxes(axes, reduced);
            Tensor<T> sum = x;
            for (int end = x.Rank; end > 0;)
            {
                // The innermost run of neighbouring axes first: what is left to read shrinks the most.
                int start = end;
                while (start > 0 && reduced[start - 1])
                    start--;
                if (start < end)
                    sum = new Sum<T>(start, end - start).Apply(sum);
                end = start - 1;
            }
            return keepAxes ? sum : sum.Reshape(x.Shape.Reduce(axes, keepAxes: false));
        }

        /// <summary>The mean of all elements: a scalar. NaN where there are none.</summary>
        public Tensor<T> Mean() => x.Sum() / T.CreateTruncating(x.Length);

        /// <summary>The mean over the given axes.</summary>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">An axis is named twice, or does not exist.</exception>
        public Tensor<T> Mean(ReadOnlySpan<int> axes, bool keepAxes = false)
        {
            Tensor<T> sum = x.Sum(axes, keepAxes);
            return sum / T.CreateTruncating(sum.Length == 0 ? 0 : x.Length / sum.Length);
        }

        /// <summary>The largest element: a scalar. The gradient goes to the first of equals.</summary>
        /// <exception cref="ArgumentException">There are no elements.</exception>
        public Tensor<T> Max() => new Max<T>(0).Apply(x.Reshape([x.Length]));

        /// <summary>The largest element along an axis. The gradient goes to the first of equals.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="keepAxis">Whether the axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public Tensor<T> Max(int axis, bool keepAxis = false) => new Max<T>(axis, keepAxis).Apply(x);

        /// <summary>x·Wᵀ + b over the last axis: x […, in], weight [out, in], bias [out].</summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> Linear(Tensor<T> weight, Tensor<T>? bias = null) => bias is null
            ? Primitives.Linear<T>.Instance.Apply(x, weight)
            : Primitives.Linear<T>.Instance.Apply(x, weight, bias);

        /// <summary>Softmax along an axis.</summary>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public Tensor<T> Softmax(int axis = -1) => Primitives.Softmax<T>.Along(FromEnd(x, axis)).Apply(x);

        /// <summary>The logarithm of softmax along an axis.</summary>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public Tensor<T> LogSoftmax(int axis = -1) => Primitives.LogSoftmax<T>.Along(FromEnd(x, axis)).Apply(x);

        /// <summary>log Σ eˣ over the last axis, which goes away.</summary>
        /// <exception cref="ArgumentException">The axis is empty.</exception>
        public Tensor<T> LogSumExp() => Primitives.LogSumExp<T>.Instance.Apply(x);

        /// <summary>Of each row the element that its label names: x [N…, C], labels [N…], result [N…].</summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A label is not in 0 … C − 1.</exception>
        public Tensor<T> PickLabels(Tensor<int> labels, int? ignored = null) => new PickLabels<T>(labels, ignored).Apply(x);

        /// <summary>The cross entropy of each row's softmax with its label: logits x [N…, C], labels [N…], result [N…].</summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A label is not in 0 … C − 1.</exception>
        public Tensor<T> SoftmaxCrossEntropy(Tensor<int> labels) => new SoftmaxCrossEntropy<T>(labels).Apply(x);
    }

    private static int FromEnd<T>(Tensor<T> x, int axis)
        where T : unmanaged => x.Rank == 0 ? -1 : x.Shape.NormalizeAxis(axis) - x.Rank;
}
