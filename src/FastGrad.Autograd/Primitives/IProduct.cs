using System.Numerics;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd.Primitives;

/// <summary>A matrix product or convolution: its kernels can finish each element of the result while it is in the cache.</summary>
internal interface IProduct<T> : ICounted
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The columns of the output as the epilogue sees it; 0 where the kernel takes none for these operands.</summary>
    int Columns(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output);

    /// <summary>The forward kernel with an epilogue.</summary>
    void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, BoundEpilogue<T> epilogue);

    /// <summary>The same for the gradient of an input.</summary>
    int GradientColumns(int input, in Linearization<T> at, Tensor<T> dy);

    /// <summary>The backward kernel with an epilogue.</summary>
    void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate, BoundEpilogue<T> epilogue);
}
