using System.Numerics;
using FastGrad.Kernels.Elementwise;
using Kernel = FastGrad.Kernels.LinearAlgebra.Cholesky;

namespace FastGrad.Autograd.Primitives;

/// <summary>L with A = L·Lᵀ, for each symmetric positive definite matrix in the last two axes.</summary>
/// <remarks>
/// With Φ(X) the lower triangle of X with half of its diagonal: dL = L·Φ(L⁻¹·dA·L⁻ᵀ), and backward the symmetric part of L⁻ᵀ·Φ(Lᵀ·dL)·L⁻¹. Murray 2016,
/// "Differentiation of the Cholesky decomposition", <see href="https://arxiv.org/abs/1602.07527"/>, eqs. 8 and 9.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Cholesky<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Cholesky()
    {
    }

    /// <summary>The operation.</summary>
    public static Cholesky<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "cholesky";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Matrices.Square(inputs[0].Shape, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Shape shape = output.Shape;
        int n = shape[-1];
        ReadOnlySpan<T> a = inputs[0].Dense();
        Span<T> l = output.Dense();
        Matrices.CheckSymmetric(a, shape, Name);
        a.CopyTo(l);
        for (int i = 0; i < Matrices.Count(shape); i++)
        {
            int row = Kernel.Factor(n, l.Slice(i * n * n, n * n));
            if (row >= 0)
                throw new ArgumentException($"'{Name}': matrix {i} of shape {shape} is not positive definite to working precision: its leading {row + 1} by {row + 1} part is not; expected eigenvalues above 0.", "x");
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Tensor<T> l = at.Output, inner = Half(l.TransposeLast().MatMul(dy.Tril()));
        Tensor<T> left = l.TriangularSolve(inner, upper: false, transposed: true);
        return Matrices.SymmetricPart(l.TriangularSolve(left, upper: false, left: false));
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T> l = at.Output, left = l.TriangularSolve(Matrices.SymmetricPart(tangents[0]!), upper: false);
        return l.MatMul(Half(l.TriangularSolve(left, upper: false, left: false, transposed: true)));
    }

    // Φ.
    private static Tensor<T> Half(Tensor<T> x) => (x.Tril() + x.Tril(-1)) * T.CreateTruncating(0.5);
}
