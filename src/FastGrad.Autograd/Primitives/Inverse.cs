using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Autograd.Primitives;

/// <summary>A⁻¹ of each matrix in the last two axes.</summary>
/// <remarks>d(A⁻¹) = −A⁻¹·dA·A⁻¹, and backward −A⁻ᵀ·dy·A⁻ᵀ.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Inverse<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Inverse()
    {
    }

    /// <summary>The operation.</summary>
    public static Inverse<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "inverse";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Matrices.Square(inputs[0].Shape, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int n = output.Shape[-1];
        foreach (Factors<T> a in new FactorSequence<T>(inputs[0], Name, mustBeRegular: true))
            LuDecomposition.Inverse(n, a.LowerUpper, a.Pivots, output.Dense().Slice(a.Index * n * n, n * n));
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Tensor<T> transposed = at.Output.TransposeLast();
        return -transposed.MatMul(dy).MatMul(transposed);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => -at.Output.MatMul(tangents[0]!).MatMul(at.Output);
}
