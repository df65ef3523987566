using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Elements and slices by index, and masks. Indices count from 0; one outside its axis is an error that names its position, value and bound.</summary>
public static class TensorIndexing
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Slices of an axis by index: y[…, i, …] = x[…, indices[i], …].</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="indices">Any number of axes, which take the place of the one.</param>
        /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis.</exception>
        public Tensor<T> IndexSelect(int axis, Tensor<int> indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            return new IndexSelect<T>(axis, indices).Apply(x);
        }

        /// <summary>The rows of this table [rows, width] that the indices name: […, width].</summary>
        /// <param name="indices">From 0 to rows − 1.</param>
        /// <param name="padding">A row that gets no gradient; −1 for none.</param>
        /// <exception cref="ArgumentOutOfRangeException">An index lies outside the table.</exception>
        public Tensor<T> Embedding(Tensor<int> indices, int padding = -1)
        {
            ArgumentNullException.ThrowIfNull(indices);
            return new IndexSelect<T>(0, indices, padding).Apply(x);
        }

        /// <summary>Whole numbers as indices. While a program is captured, the conversion is part of it, so indices may come with a batch.</summary>
        /// <exception cref="ArgumentException">An element is not a whole number in the range of int.</exception>
        public Tensor<int> ToIndices()
        {
            // Memory of its own in a program, which nobody reads at capture.
            Tensor<int> indices = Capture.IsRecording ? Tensor.Wrap(new int[x.Length].AsMemory(), x.Shape) : Tensor.Uninitialized<int>(x.Shape);
            Tensor<T> from = x.Contiguous();
            Capture.Opaque("indices", () => Convert(from.Dense(), indices.Dense()), from);
            return indices;
        }

        /// <summary>x/(1 − p) where a random number is at least p, else 0.</summary>
        /// <param name="probability">p, from 0 up to, not including, 1.</param>
        /// <param name="draw">The stream of random numbers, read in each run.</param>
        public Tensor<T> Dropout(double probability, DropoutDraw draw)
        {
            ArgumentNullException.ThrowIfNull(draw);
            return new Dropout<T>(probability, draw).Apply(x);
        }

        /// <summary>One value where the mask is true, x elsewhere.</summary>
        /// <exception cref="ArgumentException">The mask does not broadcast to this shape.</exception>
        public Tensor<T> MaskedFill(Tensor<bool> mask, T value)
        {
            ArgumentNullException.ThrowIfNull(mask);
            return new MaskedFill<T>(mask, value).Apply(x);
        }
    }

    private static void Convert<T>(ReadOnlySpan<T> from, Span<int> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = int.CreateSaturating(from[i]);
            if (T.CreateSaturating(to[i]) != from[i])
                throw new ArgumentException($"Element {i} is {from[i]}; expected a whole number, to be an index.", nameof(from));
        }
    }
}
