using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Diagonals, triangles and sliding windows. PyTorch's names; views where PyTorch has views.</summary>
public static class TensorWindows
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
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
    }
}
