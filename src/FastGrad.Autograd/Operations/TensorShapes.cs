using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Shapes and parts of tensors. Results are views, without a copy, unless said otherwise.</summary>
public static class TensorShapes
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The same elements in row-major order under another shape.</summary>
        /// <exception cref="ArgumentException">The numbers of elements differ.</exception>
        public Tensor<T> Reshape(Shape shape) => x.Shape == shape && x.IsContiguous ? x : new Reshape<T>(shape).Apply(x);

        /// <summary>The axes from <paramref name="start"/> on as one.</summary>
        public Tensor<T> Flatten(int start = 0)
        {
            if (x.Rank == 0)
                return x.Reshape([1]);
            int first = x.Shape.NormalizeAxis(start), length = 1;
            for (int i = first; i < x.Rank; i++)
                length *= x.Shape[i];
            return x.Reshape(Shape.Create([.. x.Shape.Axes[..first], length]));
        }

        /// <summary>The axes in another order: output axis i is input axis <paramref name="axes"/>[i].</summary>
        /// <exception cref="ArgumentException">The axes are no permutation.</exception>
        public Tensor<T> Permute(params ReadOnlySpan<int> axes) => new Permute<T>(axes).Apply(x);

        /// <summary>Two axes exchanged.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Transpose(int first = -2, int second = -1)
        {
            int a = x.Shape.NormalizeAxis(first), b = x.Shape.NormalizeAxis(second);
            Span<int> axes = stackalloc int[x.Rank];
            for (int i = 0; i < axes.Length; i++)
                axes[i] = i == a ? b : i == b ? a : i;
            return new Permute<T>(axes).Apply(x);
        }

        /// <summary>Part of one axis.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="start">The first index.</param>
        /// <param name="length">How many indices.</param>
        /// <param name="step">The distance between indices, at least 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">The part leaves the axis.</exception>
        public Tensor<T> Slice(int axis, int start, int length, int step = 1) => new Slice<T>(axis, start, length, step).Apply(x);

        /// <summary>One index of an axis, which goes away.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The index lies outside the axis.</exception>
        public Tensor<T> Select(int axis, int index) => x.Slice(axis, index, 1).Reshape(x.Shape.Reduce([axis], keepAxes: false));

        /// <summary>The tensor stretched to a larger shape: lengths of 1, and missing leading axes, repeat.</summary>
        /// <exception cref="ArgumentException">The shape does not broadcast.</exception>
        public Tensor<T> BroadcastTo(Shape shape) => x.Shape == shape ? x : new Broadcast<T>(shape).Apply(x);

        /// <summary>The sum over the axes that broadcasting from <paramref name="shape"/> would stretch: the transpose of <see cref="BroadcastTo"/>. A copy.</summary>
        /// <exception cref="ArgumentException">The shape does not broadcast to this one.</exception>
        public Tensor<T> SumTo(Shape shape)
        {
            if (x.Shape == shape)
                return x;
            if (!shape.BroadcastsTo(x.Shape))
                throw new ArgumentException($"Shape {shape} does not broadcast to {x.Shape}, so there is no sum to it.", nameof(shape));
            List<int> axes = [];
            for (int i = 1; i <= x.Rank; i++)
            {
                if (i > shape.Rank || shape[-i] != x.Shape[-i])
                    axes.Add(x.Rank - i);
            }
            return (axes.Count == 0 ? x : x.Sum([.. axes], keepAxes: true)).Reshape(shape);
        }

        internal Tensor<T> TransposeLast() => x.Transpose(-2, -1);
    }

    /// <summary>Tensors one after another along an axis. A copy.</summary>
    /// <exception cref="ArgumentException">There are none, or they differ along another axis.</exception>
    public static Tensor<T> Concatenate<T>(int axis, params ReadOnlySpan<Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Concatenate<T>(axis).Apply(tensors);
}
