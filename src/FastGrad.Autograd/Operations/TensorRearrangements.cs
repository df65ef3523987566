using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Axes added, removed, split, repeated and padded. PyTorch's names; views where PyTorch has views.</summary>
public static class TensorRearrangements
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Without the axes of length 1. A view.</summary>
        public Tensor<T> Squeeze() => x.Reshape(Shape.Create([.. x.Shape.Axes.ToArray().Where(length => length != 1)]));

        /// <summary>Without an axis, if it has length 1. A view.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Squeeze(int axis) => x.Shape[axis] == 1 ? x.Reshape(x.Shape.Reduce([axis], keepAxes: false)) : x;

        /// <summary>With a new axis of length 1 at a place: −1 puts it last. A view.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
        public Tensor<T> Unsqueeze(int axis)
        {
            int place = axis < 0 ? axis + x.Rank + 1 : axis;
            if ((uint)place > (uint)x.Rank)
                throw new ArgumentOutOfRangeException(nameof(axis), axis, $"A new axis of a tensor of shape {x.Shape} has a place from 0 to {x.Rank}, or {-x.Rank - 1} to -1.");
            return x.Reshape(Shape.Create([.. x.Shape.Axes[..place], 1, .. x.Shape.Axes[place..]]));
        }

        /// <summary>The tensor stretched to a larger shape: <see cref="TensorShapes.BroadcastTo"/> under PyTorch's name. A view.</summary>
        /// <exception cref="ArgumentException">The shape does not broadcast.</exception>
        public Tensor<T> Expand(Shape shape) => x.BroadcastTo(shape);

        /// <summary>One axis moved to another place; the others keep their order. A view.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> MoveAxis(int from, int to)
        {
            int source = x.Shape.NormalizeAxis(from), target = x.Shape.NormalizeAxis(to);
            List<int> axes = [.. Enumerable.Range(0, x.Rank).Where(axis => axis != source)];
            axes.Insert(target, source);
            return x.Permute([.. axes]);
        }

        /// <summary>Parts of equal length along an axis; the last may be shorter. Views.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The length is below 1, or there is no such axis.</exception>
        public Tensor<T>[] Split(int length, int axis = 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
            int all = x.Shape[axis];
            var parts = new Tensor<T>[Math.Max(1, (all + length - 1) / length)];
            for (int i = 0; i < parts.Length; i++)
                parts[i] = x.Slice(axis, i * length, Math.Min(length, all - i * length));
            return parts;
        }

        /// <summary>Parts of the given lengths along an axis. Views.</summary>
        /// <exception cref="ArgumentException">The lengths do not add up to the axis'.</exception>
        public Tensor<T>[] Split(ReadOnlySpan<int> lengths, int axis = 0)
        {
            int all = 0;
            foreach (int length in lengths)
                all += length;
            if (all != x.Shape[axis])
                throw new ArgumentException($"Lengths [{string.Join(", ", lengths.ToArray())}] add up to {all}; expected {x.Shape[axis]}, that of axis {axis} of shape {x.Shape}.", nameof(lengths));
            var parts = new Tensor<T>[lengths.Length];
            for (int i = 0, start = 0; i < parts.Length; start += lengths[i++])
                parts[i] = x.Slice(axis, start, lengths[i]);
            return parts;
        }

        /// <summary>At most this many parts of equal length ⌈n/count⌉ along an axis; the last may be shorter. Views.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or there is no such axis.</exception>
        public Tensor<T>[] Chunk(int count, int axis = 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
            return x.Split(Math.Max(1, (x.Shape[axis] + count - 1) / count), axis);
        }

        /// <summary>The elements along some axes in reverse order. A copy.</summary>
        /// <exception cref="ArgumentException">An axis is named twice.</exception>
        public Tensor<T> Flip(params ReadOnlySpan<int> axes) => new Flip<T>(axes).Apply(x);

        /// <summary>The elements shifted along an axis; what leaves at one end comes in at the other. A copy.</summary>
        /// <param name="shift">How far: element i goes to i + shift.</param>
        /// <param name="axis">The axis.</param>
        public Tensor<T> Roll(int shift, int axis)
        {
            int length = x.Shape[axis];
            if (length == 0)
                return x;
            int first = ((-shift % length) + length) % length;
            return first == 0 ? x : TensorShapes.Concatenate(axis, x.Slice(axis, first, length - first), x.Slice(axis, 0, first));
        }

        /// <summary>The elements of the flattened tensor shifted, under the same shape. A copy.</summary>
        public Tensor<T> Roll(int shift) => x.Flatten().Roll(shift, 0).Reshape(x.Shape);

        /// <summary>The tensor repeated along each axis; more counts than axes add axes before. A copy. PyTorch's repeat, and tile where there are as many counts.</summary>
        /// <param name="counts">How often along each axis.</param>
        /// <exception cref="ArgumentException">There are fewer counts than axes.</exception>
        public Tensor<T> Repeat(params ReadOnlySpan<int> counts)
        {
            if (counts.Length < x.Rank)
                throw new ArgumentException($"{counts.Length} counts to repeat a tensor of shape {x.Shape}; expected at least {x.Rank}.", nameof(counts));
            int added = counts.Length - x.Rank;
            var apart = new int[2 * counts.Length];
            var wide = new int[2 * counts.Length];
            var whole = new int[counts.Length];
            for (int i = 0; i < counts.Length; i++)
            {
                int length = i < added ? 1 : x.Shape[i - added];
                ArgumentOutOfRangeException.ThrowIfNegative(counts[i], nameof(counts));
                (apart[2 * i], apart[2 * i + 1]) = (1, length);
                (wide[2 * i], wide[2 * i + 1]) = (counts[i], length);
                whole[i] = counts[i] * length;
            }
            return x.Reshape(Shape.Create(apart)).BroadcastTo(Shape.Create(wide)).Reshape(Shape.Create(whole));
        }

        /// <summary>The tensor repeated along each axis; missing counts are 1, for leading axes. A copy.</summary>
        /// <param name="counts">How often along each axis, aligned at the last.</param>
        public Tensor<T> Tile(params ReadOnlySpan<int> counts)
        {
            int[] all = new int[Math.Max(counts.Length, x.Rank)];
            all.AsSpan().Fill(1);
            counts.CopyTo(all.AsSpan(all.Length - counts.Length));
            return x.Repeat(all);
        }

        /// <summary>Elements put around the tensor. A copy.</summary>
        /// <param name="amounts">Before and after the last axis, then before and after the one before it, …, as torch.nn.functional.pad has it.</param>
        /// <param name="mode">What is put there.</param>
        /// <param name="value">The value, for <see cref="PadMode.Constant"/>.</param>
        /// <exception cref="ArgumentException">The amounts are no pairs, or too many, or negative, or more than the mode can fill.</exception>
        public Tensor<T> Pad(ReadOnlySpan<int> amounts, PadMode mode = PadMode.Constant, T value = default)
        {
            if (amounts.Length % 2 != 0 || amounts.Length > 2 * x.Rank)
                throw new ArgumentException($"{amounts.Length} amounts of padding for shape {x.Shape}; expected a pair for each padded axis, at most {2 * x.Rank} numbers.", nameof(amounts));
            Tensor<T> y = x;
            for (int i = 0; i < amounts.Length; i += 2)
            {
                int axis = x.Rank - 1 - i / 2, before = amounts[i], after = amounts[i + 1];
                if (before == 0 && after == 0)
                    continue;
                y = mode == PadMode.Constant
                    ? new Pad<T>(axis, before, after, value).Apply(y)
                    : y.IndexSelect(axis, Padding.Indices(x.Shape[axis], before, after, mode));
            }
            return y;
        }
    }

    /// <summary>Tensors of one shape side by side along a new axis. A copy.</summary>
    /// <param name="axis">The new axis' place.</param>
    /// <param name="tensors">The tensors, at least one.</param>
    /// <exception cref="ArgumentException">There are none, or their shapes differ.</exception>
    public static Tensor<T> Stack<T>(int axis, params ReadOnlySpan<Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var apart = new Tensor<T>[tensors.Length];
        for (int i = 0; i < apart.Length; i++)
        {
            if (tensors[i].Shape != tensors[0].Shape)
                throw new ArgumentException($"Shapes {tensors[0].Shape} and {tensors[i].Shape} do not stack; expected equal ones.", nameof(tensors));
            apart[i] = tensors[i].Unsqueeze(axis);
        }
        return TensorShapes.Concatenate(axis, apart);
    }
}
