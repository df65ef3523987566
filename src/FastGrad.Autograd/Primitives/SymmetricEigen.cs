using System.Numerics;
using FastGrad.Kernels.Elementwise;
using Kernel = FastGrad.Kernels.LinearAlgebra.SymmetricEigen;

namespace FastGrad.Autograd.Primitives;

/// <summary>A = V·diag(λ)·Vᵀ of each symmetric matrix in the last two axes: the row of eigenvalues, ascending, above V with eigenvectors as columns.</summary>
/// <remarks>
/// With M = Vᵀ·dA·V: dλ = diag(M), and dV = V·(M over gaps), element [i, j] divided by λⱼ − λᵢ. Backward V·(diag(dλ) + (Vᵀ·dV over gaps))·Vᵀ. Magnus 1985,
/// "On differentiating eigenvalues and eigenvectors". Eigenvectors of equal eigenvalues have no derivative: an error where it is asked for.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SymmetricEigen<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SymmetricEigen()
    {
    }

    /// <summary>The operation.</summary>
    public static SymmetricEigen<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "symmetric-eigen";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape a = Matrices.Square(inputs[0].Shape, Name);
        return Shape.Create([.. a.Axes[..^2], a[-1] + 1, a[-1]]);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int n = output.Shape[-1];
        Span<T> all = output.Dense();
        for (int i = 0; i < Matrices.Count(output.Shape); i++)
        {
            Span<T> both = all.Slice(i * (n + 1) * n, (n + 1) * n);
            Decompose(inputs[0], i, both[..n], both[n..], Name);
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        (Tensor<T> values, Tensor<T> v) = Parts(at.Output);
        (Tensor<T> dValues, Tensor<T> dv) = Parts(dy);
        Tensor<T> inner = Matrices.OnDiagonal(dValues) + OverGaps<T>.Instance.Apply(v.TransposeLast().MatMul(dv), values);
        return Matrices.SymmetricPart(v.MatMul(inner).MatMul(v.TransposeLast()));
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        (Tensor<T> values, Tensor<T> v) = Parts(at.Output);
        Tensor<T> m = v.TransposeLast().MatMul(Matrices.SymmetricPart(tangents[0]!)).MatMul(v);
        return new Concatenate<T>(-2).Apply(m.Diagonal(0, -2, -1).Unsqueeze(-2), v.MatMul(OverGaps<T>.Instance.Apply(m, values)));
    }

    /// <summary>λ and V of the output.</summary>
    internal static (Tensor<T> Values, Tensor<T> Vectors) Parts(Tensor<T> both) => (both.Select(-2, 0), both.Slice(-2, 1, both.Shape[-1]));

    /// <summary>One matrix. Where the iteration does not converge, which no finite matrix is known for, the results are NaN.</summary>
    internal static void Decompose(Tensor<T> a, int index, Span<T> values, Span<T> vectors, string operation)
    {
        int n = a.Shape[-1];
        if (index == 0)
            Matrices.CheckSymmetric<T>(a.Dense(), a.Shape, operation);
        ReadOnlySpan<T> matrix = a.Dense().Slice(index * n * n, n * n);
        foreach (T value in matrix)
        {
            if (!T.IsFinite(value))
                throw new ArgumentException($"'{operation}': matrix {index} of shape {a.Shape} holds {value}; expected finite numbers.", "x");
        }
        if (Kernel.Decompose(n, matrix, values, vectors))
            return;
        values.Fill(T.NaN);
        vectors.Fill(T.NaN);
    }
}

/// <summary>The eigenvalues of each symmetric matrix in the last two axes, ascending, in the last axis.</summary>
/// <remarks>
/// The gradient of λᵢ is vᵢ·vᵢᵀ. Where eigenvalues are equal, one of them alone has no gradient; a function that treats them alike, such as their sum, has the one
/// that comes out.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SymmetricEigenvalues<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SymmetricEigenvalues()
    {
    }

    /// <summary>The operation.</summary>
    public static SymmetricEigenvalues<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "symmetric-eigenvalues";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Shape.Create(Matrices.Square(inputs[0].Shape, Name).Axes[..^1]);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int n = output.Shape[-1];
        for (int i = 0; i < Matrices.Count(inputs[0].Shape); i++)
            SymmetricEigen<T>.Decompose(inputs[0], i, output.Dense().Slice(i * n, n), default, Name);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Tensor<T> v = at.Input(0).SymmetricEigen().Vectors;
        return (v * dy.Unsqueeze(-2)).MatMul(v.TransposeLast());
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T> v = at.Input(0).SymmetricEigen().Vectors;
        return (v * Matrices.SymmetricPart(tangents[0]!).MatMul(v)).Sum([-2]);
    }
}
