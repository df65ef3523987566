using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Axes added, removed, split, repeated and padded; diagonals, triangles and windows. PyTorch's names; views where PyTorch has views.</summary>
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

        /// <summary>The lower triangle of the matrices in the last two axes, up to a diagonal; 0 above. A copy.</summary>
        /// <exception cref="ArgumentException">There are fewer than two axes.</exception>
        public Tensor<T> Tril(int diagonal = 0) => new Triangle<T>(diagonal, upper: false).Apply(x);

        /// <summary>The upper triangle of the matrices in the last two axes, from a diagonal on; 0 below. A copy.</summary>
        /// <exception cref="ArgumentException">There are fewer than two axes.</exception>
        public Tensor<T> Triu(int diagonal = 0) => new Triangle<T>(diagonal, upper: true).Apply(x);

        /// <summary>A diagonal of two axes, as the last axis. A view.</summary>
        /// <param name="offset">0 for the main diagonal; positive ones begin further along the second axis.</param>
        /// <param name="first">The first axis.</param>
        /// <param name="second">The second axis.</param>
        /// <exception cref="ArgumentException">The axes are the same.</exception>
        public Tensor<T> Diagonal(int offset = 0, int first = 0, int second = 1) => new Diagonal<T>(offset, first, second).Apply(x);

        /// <summary>The sum of a matrix' main diagonal: a scalar.</summary>
        /// <exception cref="ArgumentException">It is no matrix.</exception>
        public Tensor<T> Trace() => x.Rank == 2
            ? x.Diagonal().Sum()
            : throw new ArgumentException($"The trace of a tensor of shape {x.Shape}; expected a matrix.", nameof(x));

        /// <summary>Sliding windows along an axis, as a new last axis: torch.Tensor.unfold. A view.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="size">The elements of a window.</param>
        /// <param name="step">From one window's start to the next.</param>
        /// <exception cref="ArgumentException">A window is longer than the axis.</exception>
        public Tensor<T> Unfold(int axis, int size, int step = 1) => new Windows<T>(axis, size, step).Apply(x);

        /// <summary>The windows of images as columns: x [batch, channels, height, width] gives [batch, channels·kernel elements, windows]; torch.nn.functional.unfold.</summary>
        /// <param name="kernel">The window's height and width.</param>
        /// <param name="dilation">From one element of a window to the next.</param>
        /// <param name="padding">Zeros on each side.</param>
        /// <param name="stride">From one window to the next.</param>
        /// <exception cref="ArgumentException">The shape has not four axes, or a window does not fit.</exception>
        public Tensor<T> Unfold((int Height, int Width) kernel, int dilation = 1, int padding = 0, int stride = 1)
        {
            if (x.Rank != 4)
                throw new ArgumentException($"The windows of images of shape {x.Shape}; expected [batch, channels, height, width].", nameof(x));
            Tensor<T> padded = x.Pad([padding, padding, padding, padding]);
            Tensor<T> windows = new Windows<T>(3, kernel.Width, stride, dilation).Apply(new Windows<T>(2, kernel.Height, stride, dilation).Apply(padded));
            int rows = windows.Shape[2], columns = windows.Shape[3];
            return windows.Permute(0, 1, 4, 5, 2, 3).Reshape([x.Shape[0], x.Shape[1] * kernel.Height * kernel.Width, rows * columns]);
        }

        /// <summary>Columns of windows added up to images, the transpose of <see cref="Unfold{T}(Tensor{T}, ValueTuple{int, int}, int, int, int)"/>; torch.nn.functional.fold.</summary>
        /// <param name="size">The images' height and width.</param>
        /// <param name="kernel">The window's height and width.</param>
        /// <param name="dilation">From one element of a window to the next.</param>
        /// <param name="padding">Zeros on each side, which are cut off.</param>
        /// <param name="stride">From one window to the next.</param>
        /// <exception cref="ArgumentException">The columns are not the windows of such images.</exception>
        public Tensor<T> Fold((int Height, int Width) size, (int Height, int Width) kernel, int dilation = 1, int padding = 0, int stride = 1)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
            ArgumentOutOfRangeException.ThrowIfNegative(padding);
            ArgumentOutOfRangeException.ThrowIfLessThan(kernel.Height, 1, nameof(kernel));
            ArgumentOutOfRangeException.ThrowIfLessThan(kernel.Width, 1, nameof(kernel));
            long height = size.Height + 2L * padding, width = size.Width + 2L * padding, elements = (long)kernel.Height * kernel.Width;
            long rows = Padding.Windows(height, kernel.Height, dilation, stride), columns = Padding.Windows(width, kernel.Width, dilation, stride);
            if (rows < 1 || columns < 1 || height > int.MaxValue || width > int.MaxValue)
                throw new ArgumentException($"Windows of {kernel}, dilated by {dilation}, in images of {size} with {padding} zeros around; expected images that hold a window, of at most {int.MaxValue} a side.", nameof(size));
            if (x.Rank != 3 || x.Shape[1] % elements != 0 || x.Shape[2] != rows * columns)
                throw new ArgumentException($"Columns of shape {x.Shape} for images of {size}; expected [batch, channels·{elements}, {rows}·{columns}].", nameof(x));
            Tensor<T> windows = x.Reshape([x.Shape[0], (int)(x.Shape[1] / elements), kernel.Height, kernel.Width, (int)rows, (int)columns]).Permute(0, 1, 4, 5, 2, 3);
            Tensor<T> images = new WindowSum<T>(2, (int)height, stride, dilation).Apply(new WindowSum<T>(3, (int)width, stride, dilation).Apply(windows));
            return padding == 0 ? images : images.Slice(2, padding, size.Height).Slice(3, padding, size.Width);
        }

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

/// <summary>Where the elements of a padded axis come from, and how many windows it holds.</summary>
internal static class Padding
{
    /// <summary>The windows of an axis; 0 where not one fits.</summary>
    public static long Windows(long length, int kernel, int dilation, int stride)
    {
        long spare = length - (kernel - 1L) * dilation - 1;
        return spare < 0 ? 0 : spare / stride + 1;
    }

    public static Tensor<int> Indices(int length, int before, int after, PadMode mode)
    {
        int most = mode == PadMode.Reflect ? length - 1 : mode == PadMode.Circular ? length : length == 0 ? 0 : int.MaxValue;
        if (before < 0 || after < 0 || before > most || after > most)
            throw new ArgumentException($"Padding {before} and {after} elements around {length} in mode {mode}; expected 0 to {most} on each side.", nameof(before));
        if ((long)before + length + after > Array.MaxLength)
            throw new ArgumentException($"Padding {before} and {after} elements around {length} in mode {mode}; expected at most {Array.MaxLength} in all.", nameof(before));
        int[] indices = new int[before + length + after];
        for (int i = 0; i < indices.Length; i++)
        {
            int at = i - before;
            indices[i] = mode switch
            {
                PadMode.Reflect => at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at,
                PadMode.Replicate => Math.Clamp(at, 0, length - 1),
                _ => (at + length) % length,
            };
        }
        return Tensor.Wrap(indices.AsMemory(), [indices.Length]);
    }
}
