using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Convolutions and pooling over the last one or two axes. Layouts are PyTorch's: [batch, channels, (rows,) columns].</summary>
public static class TensorConvolutions
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>
        /// x ⋆ w + b: one dimension with weight [out, in/groups, kernel] and x [batch, in, columns], two with weight [out, in/groups, rows, columns]
        /// and x [batch, in, rows, columns]. Without the batch axis x is one image.
        /// </summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> Conv(Tensor<T> weight, Tensor<T>? bias = null, ConvOptions? options = null) =>
            Convolve(x, weight, bias, new Conv<T>(options ?? ConvOptions.Default));

        /// <summary>
        /// The transpose of <see cref="Conv"/>, plus b: weight [in, out/groups, (rows,) columns], x [batch, in, (rows,) columns]. Without the batch
        /// axis x is one image.
        /// </summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> ConvTransposed(Tensor<T> weight, Tensor<T>? bias = null, ConvOptions? options = null) =>
            Convolve(x, weight, bias, new ConvTransposed<T>(options ?? ConvOptions.Default));

        /// <summary>The largest element of each window over the last axis or the last two; the gradient goes to the first of equals.</summary>
        /// <exception cref="ArgumentException">The windows do not fit the shape.</exception>
        public Tensor<T> MaxPool(PoolWindows windows) => new MaxPool<T>(windows).Apply(x);

        /// <summary>The mean of each window over the last axis or the last two.</summary>
        /// <param name="windows">The windows, without dilation.</param>
        /// <param name="includePadding">Whether the padding's zeros count, as in PyTorch's default.</param>
        /// <exception cref="ArgumentException">The windows do not fit the shape.</exception>
        public Tensor<T> AvgPool(PoolWindows windows, bool includePadding = true)
        {
            ArgumentNullException.ThrowIfNull(windows);
            if (windows.Dilation.Rows > 1 || windows.Dilation.Columns > 1)
                throw new ArgumentException($"Means of windows with dilation {windows.Dilation}; expected 1.", nameof(windows));
            return new AvgPool<T>(windows, includePadding).Apply(x);
        }
    }

    private static Tensor<T> Convolve<T>(Tensor<T> x, Tensor<T> weight, Tensor<T>? bias, Primitive<T> primitive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(weight);
        bool single = x.Rank == weight.Rank - 1;
        Tensor<T> images = single ? x.Reshape(Shape.Create([1, .. x.Shape.Axes])) : x;
        Tensor<T> y = bias is null ? primitive.Apply(images, weight) : primitive.Apply(images, weight, bias);
        return single ? y.Reshape(Shape.Create(y.Shape.Axes[1..])) : y;
    }
}
