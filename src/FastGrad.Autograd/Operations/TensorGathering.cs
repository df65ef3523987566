using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Single elements picked and placed by indices, and running sums. PyTorch's semantics.</summary>
public static class TensorGathering
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Single elements along an axis: y[…, i, …] = x[…, index[…, i, …], …], as torch.gather.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="index">The indices; on other axes at most x's lengths.</param>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis.</exception>
        public Tensor<T> Gather(int axis, Tensor<int> index)
        {
            ArgumentNullException.ThrowIfNull(index);
            Tensor<T> part = x;
            int normal = x.Shape.NormalizeAxis(axis);
            for (int i = 0; i < x.Rank && index.Rank == x.Rank; i++)
            {
                if (i != normal && index.Shape[i] < x.Shape[i])
                    part = part.Slice(i, 0, index.Shape[i]);
            }
            return new Gather<T>(normal, index).Apply(part);
        }

        /// <summary>This tensor with elements replaced along an axis: y[…, index[…, i, …], …] = source[…, i, …], as torch.scatter.</summary>
        /// <remarks>Of equal indices on a line the last one stays, and it alone has a gradient.</remarks>
        /// <param name="axis">The axis.</param>
        /// <param name="index">The indices: this tensor's lengths on other axes.</param>
        /// <param name="source">The elements, in the index' shape.</param>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis.</exception>
        public Tensor<T> Scatter(int axis, Tensor<int> index, Tensor<T> source)
        {
            ArgumentNullException.ThrowIfNull(index);
            return new Scatter<T>(axis, index).Apply(x, source);
        }

        /// <summary>This tensor with elements added along an axis: y[…, index[…, i, …], …] += source[…, i, …], as torch.scatter_add; sums are in order.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="index">The indices: this tensor's lengths on other axes.</param>
        /// <param name="source">The elements, in the index' shape.</param>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis.</exception>
        public Tensor<T> ScatterAdd(int axis, Tensor<int> index, Tensor<T> source)
        {
            ArgumentNullException.ThrowIfNull(index);
            return new ScatterAdd<T>(axis, index).Apply(x, source);
        }

        /// <summary>Running sums along an axis, as torch.cumsum.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="reverse">Whether to sum from the axis' end.</param>
        public Tensor<T> CumulativeSum(int axis, bool reverse = false) => new CumulativeSum<T>(axis, reverse).Apply(x);
    }

    extension(Tensor<int> labels)
    {
        /// <summary>1 at each label's place along a new last axis, 0 elsewhere.</summary>
        /// <param name="classes">The length of that axis.</param>
        /// <exception cref="ArgumentOutOfRangeException">A label is not in 0 … classes − 1.</exception>
        public Tensor<T> OneHot<T>(int classes)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => new PlaceLabels<T>(labels, classes).Apply(Tensor.Ones<T>(labels.Shape));
    }
}
