using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public sealed override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Map(op);
    }

    // An operator's fields are numbers such as a slope: their bytes say which function it is.
    internal override string Attributes
    {
        get
        {
            string name = GetType() == typeof(Activation<TOperator, T>) ? typeof(TOperator).Name : "";
            bool hasNumbers = Unsafe.SizeOf<TOperator>() > 1 && !RuntimeHelpers.IsReferenceOrContainsReferences<TOperator>();
            string numbers = hasNumbers ? Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<TOperator>(in op))) : "";
            return name.Length + numbers.Length == 0 ? "" : $"({name}{numbers})";
        }
    }
}
