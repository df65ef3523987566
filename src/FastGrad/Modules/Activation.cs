using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Modules;

/// <summary>y = f(x), element by element, for any unary operator: the library's or one's own.</summary>
/// <param name="op">The operator f.</param>
/// <typeparam name="TOperator">The operator's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public class Activation<TOperator, T>(TOperator op = default) : Module<T>
    where TOperator : struct, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public sealed override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Map(op);
    }
}
