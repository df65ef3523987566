using System.Numerics;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd.Primitives;

/// <summary>An elementwise function that can be the epilogue of a product. It knows its operator's type, the product's instruction does not.</summary>
internal unsafe interface IFinish<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f(x) of the product's elements x, plus a residual where it is not null.</summary>
    void FinishWithValue(IFinishable<T> product, Tensor<T> result, T* residual, nint columns);

    /// <summary>x·f′ of the product's elements x.</summary>
    void FinishWithDerivative(IFinishable<T> product, Tensor<T> result, T* kept, nint columns);
}

/// <summary>The instruction of a product that takes an epilogue.</summary>
internal interface IFinishable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the product into <paramref name="result"/>, which may stand in for its own, and finishes each element.</summary>
    void Execute(Tensor<T> result, BoundEpilogue<T> epilogue);
}
