using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Products, variances, norms and extrema over any axes, and what runs along one.</summary>
/// <remarks>Where axes are named, none means all; a reduced axis goes away unless it is kept, with length 1.</remarks>
public static class TensorStatistics
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The product over axes; 1 over none of elements.</summary>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">An axis is named twice, or does not exist.</exception>
        public Tensor<T> Prod(ReadOnlySpan<int> axes = default, bool keepAxes = false) => AxisRun.Reduce(x, axes, keepAxes, axis => new Product<T>(axis));

        /// <summary>The variance over axes, Σ(x − x̄)²/(n − correction), in two passes.</summary>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="correction">1 for the unbiased estimate, 0 for the population's.</param>
        /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">An axis is named twice, or does not exist.</exception>
        public Tensor<T> Var(ReadOnlySpan<int> axes = default, int correction = 1, bool keepAxes = false) =>
            AxisRun.Reduce(x, axes, keepAxes, axis => new Variance<T>(axis, correction));

        /// <summary>The standard deviation over axes: the root of the variance. Where that is 0 the gradient is 0.</summary>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="correction">1 for the unbiased estimate of the variance, 0 for the population's.</param>
        /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">An axis is named twice, or does not exist.</exception>
        public Tensor<T> Std(ReadOnlySpan<int> axes = default, int correction = 1, bool keepAxes = false) =>
            x.Var(axes, correction, keepAxes).Map(default(RootOfVariance<T>));

        /// <summary>The p-norm over axes: (Σ|x|ᵖ)^(1/p); p = ∞ for the largest magnitude. Where it is 0 the gradient is 0; for ∞ it goes to the first of equals.</summary>
        /// <param name="p">The exponent, above 0.</param>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not above 0.</exception>
        /// <exception cref="ArgumentException">An axis is named twice, or does not exist; for ∞, there are no elements.</exception>
        public Tensor<T> Norm(double p = 2, ReadOnlySpan<int> axes = default, bool keepAxes = false)
        {
            if (!(p > 0))
                throw new ArgumentOutOfRangeException(nameof(p), p, "Expected an exponent above 0.");
            return p == 1 ? x.Abs().Sum(axes, keepAxes)
                : double.IsPositiveInfinity(p) ? x.Abs().Max(axes, keepAxes)
                : AxisRun.Reduce(x, axes, keepAxes, axis => new Norm<T>(axis, p));
        }

        /// <summary>The largest element over several axes. The gradient goes to the first of equals.</summary>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">There are no elements, or an axis is named twice or does not exist.</exception>
        public Tensor<T> Max(ReadOnlySpan<int> axes, bool keepAxes = false) => AxisRun.Reduce(x, axes, keepAxes, axis => new Max<T>(axis, keepAxis: true));

        /// <summary>The smallest element: a scalar. The gradient goes to the first of equals.</summary>
        /// <exception cref="ArgumentException">There are no elements.</exception>
        public Tensor<T> Min() => -(-x).Max();

        /// <summary>The smallest element along an axis. The gradient goes to the first of equals.</summary>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public Tensor<T> Min(int axis, bool keepAxis = false) => -(-x).Max(axis, keepAxis);

        /// <summary>The smallest element over several axes. The gradient goes to the first of equals.</summary>
        /// <exception cref="ArgumentException">There are no elements, or an axis is named twice or does not exist.</exception>
        public Tensor<T> Min(ReadOnlySpan<int> axes, bool keepAxes = false) => -(-x).Max(axes, keepAxes);

        /// <summary>log Σ eˣ over axes.</summary>
        /// <param name="axes">The axes; none means all.</param>
        /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
        /// <exception cref="ArgumentException">There are no elements, or an axis is named twice or does not exist.</exception>
        public Tensor<T> LogSumExp(ReadOnlySpan<int> axes, bool keepAxes = false) => AxisRun.Reduce(x, axes, keepAxes, axis => Primitives.LogSumExp<T>.Along(axis));

        /// <summary>Softmin along an axis: the softmax of −x.</summary>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public Tensor<T> Softmin(int axis = -1) => (-x).Softmax(axis);

        /// <summary>Where along an axis the largest element is: the first of equals, the first NaN where there is one.</summary>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public Tensor<int> ArgMax(int axis, bool keepAxis = false) => Extremum(x, axis, keepAxis, largest: true);

        /// <summary>Where along an axis the smallest element is: the first of equals, the first NaN where there is one.</summary>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public Tensor<int> ArgMin(int axis, bool keepAxis = false) => Extremum(x, axis, keepAxis, largest: false);

        /// <summary>Where in row-major order the largest element is: a scalar.</summary>
        /// <exception cref="ArgumentException">There are no elements.</exception>
        public Tensor<int> ArgMax() => Extremum(x.Reshape([x.Length]), 0, false, largest: true);

        /// <summary>Where in row-major order the smallest element is: a scalar.</summary>
        /// <exception cref="ArgumentException">There are no elements.</exception>
        public Tensor<int> ArgMin() => Extremum(x.Reshape([x.Length]), 0, false, largest: false);

        /// <summary>The running product along an axis.</summary>
        /// <exception cref="ArgumentException">The axis does not exist.</exception>
        public Tensor<T> CumProd(int axis) => new CumulativeProduct<T>(x.Shape.NormalizeAxis(axis)).Apply(x);

        /// <summary>The running maximum along an axis, and where it is: the last of equals, as torch. The gradient goes there.</summary>
        /// <exception cref="ArgumentException">The axis does not exist.</exception>
        public (Tensor<T> Values, Tensor<int> Indices) CumMax(int axis)
        {
            int normal = x.Shape.NormalizeAxis(axis);
            Tensor<int> indices = IndexInstruction<T>.Find("cumulative-max", x, x.Shape, (e, i) =>
            {
                (int outer, int length, int inner) = AxisRun.Split(e.Shape, normal);
                Kernels.Reductions.Cumulative.MaximumIndices<T>(e.Dense(), outer, length, inner, i.Dense());
            });
            return (x.Gather(normal, indices), indices);
        }

        /// <summary>The elements along an axis in order, and where they were. Stable: equal elements keep their order; NaN is the greatest.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="descending">Whether the largest comes first.</param>
        /// <exception cref="ArgumentException">The axis does not exist.</exception>
        public (Tensor<T> Values, Tensor<int> Indices) Sort(int axis = -1, bool descending = false) => Ordered(x, axis, x.Shape[axis], descending);

        /// <summary>The k largest elements along an axis, largest first, and where they were; or the k smallest, smallest first.</summary>
        /// <param name="k">How many.</param>
        /// <param name="axis">The axis.</param>
        /// <param name="largest">Whether the largest are asked for.</param>
        /// <exception cref="ArgumentOutOfRangeException">The axis has fewer than k elements, or does not exist.</exception>
        public (Tensor<T> Values, Tensor<int> Indices) TopK(int k, int axis = -1, bool largest = true)
        {
            if (k < 0 || k > x.Shape[axis])
                throw new ArgumentOutOfRangeException(nameof(k), k, $"The axis {axis} of shape {x.Shape} has {x.Shape[axis]} elements; expected at most as many.");
            return Ordered(x, axis, k, largest);
        }

        /// <summary>The median of all elements: a scalar; of an even number the lower one, NaN where there is one, as torch. The gradient goes to one element.</summary>
        /// <exception cref="ArgumentException">There are no elements.</exception>
        public Tensor<T> Median() => x.Reshape([x.Length]).Median(0).Values;

        /// <summary>The median along an axis, and where it is; of an even number the lower one, NaN where there is one, as torch.</summary>
        /// <exception cref="ArgumentException">The axis is empty, or does not exist.</exception>
        public (Tensor<T> Values, Tensor<int> Indices) Median(int axis, bool keepAxis = false)
        {
            int normal = x.Shape.NormalizeAxis(axis);
            Shape kept = AxisRun.Keep(x.Shape, normal, "median", mayBeEmpty: false), result = x.Shape.Reduce([normal], keepAxis);
            Tensor<int> indices = IndexInstruction<T>.Find("median", x, kept, (e, i) => Middle(e, normal, i));
            return (x.Gather(normal, indices).Reshape(result), indices.View(result, null, indices.Offset));
        }
    }

    private static (Tensor<T> Values, Tensor<int> Indices) Ordered<T>(Tensor<T> x, int axis, int count, bool descending)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int normal = x.Shape.NormalizeAxis(axis);
        Span<int> axes = [.. x.Shape.Axes];
        axes[normal] = count;
        Tensor<int> indices = IndexInstruction<T>.Find("order", x, Shape.Create(axes), (e, i) =>
        {
            (int outer, int length, int inner) = AxisRun.Split(e.Shape, normal);
            Kernels.Reductions.Ordering.Indices<T>(e.Dense(), outer, length, inner, count, descending, i.Dense());
        });
        return (x.Gather(normal, indices), indices);
    }

    private static Tensor<int> Extremum<T>(Tensor<T> x, int axis, bool keepAxis, bool largest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int normal = x.Shape.NormalizeAxis(axis);
        _ = AxisRun.Keep(x.Shape, normal, largest ? "arg-max" : "arg-min", mayBeEmpty: false);
        return IndexInstruction<T>.Find(largest ? "arg-max" : "arg-min", x, x.Shape.Reduce([normal], keepAxis), (e, i) =>
        {
            (int outer, int length, int inner) = AxisRun.Split(e.Shape, normal);
            T[] values = System.Buffers.ArrayPool<T>.Shared.Rent(i.Length);
            if (largest)
                Kernels.Reductions.ArgMax.Along<T>(e.Dense(), outer, length, inner, values.AsSpan(0, i.Length), i.Dense());
            else
                Kernels.Reductions.ArgMin.Along<T>(e.Dense(), outer, length, inner, values.AsSpan(0, i.Length), i.Dense());
            System.Buffers.ArrayPool<T>.Shared.Return(values);
        });
    }

    // The lower middle of the order; the first NaN where there is one.
    private static void Middle<T>(Tensor<T> x, int axis, Tensor<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int outer, int length, int inner) = AxisRun.Split(x.Shape, axis);
        ReadOnlySpan<T> elements = x.Dense();
        int[] order = System.Buffers.ArrayPool<int>.Shared.Rent(elements.Length);
        Kernels.Reductions.Ordering.Indices(elements, outer, length, inner, length, descending: false, order.AsSpan(0, elements.Length));
        Span<int> middle = indices.Dense();
        for (int line = 0; line < middle.Length; line++)
        {
            int start = line / inner * length * inner + line % inner, numbers = length;
            while (numbers > 0 && T.IsNaN(elements[start + order[start + (numbers - 1) * inner] * inner]))
                numbers--;
            middle[line] = order[start + (numbers < length ? numbers : (length - 1) / 2) * inner];
        }
        System.Buffers.ArrayPool<int>.Shared.Return(order);
    }
}
