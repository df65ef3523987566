using System.Buffers;
using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.LinearAlgebra;
using Kernel = FastGrad.Kernels.LinearAlgebra.Cofactors;

namespace FastGrad.Autograd.Primitives;

/// <summary>det A of each matrix in the last two axes; 1 of an empty one.</summary>
/// <remarks>Its gradient is the matrix of cofactors, which exists for singular matrices too.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Determinant<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Determinant()
    {
    }

    /// <summary>The operation.</summary>
    public static Determinant<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "determinant";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Shape.Create(Matrices.Square(inputs[0].Shape, Name).Axes[..^2]);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        foreach (Factors<T> a in new FactorSequence<T>(inputs[0], Name, mustBeRegular: false))
            output.Dense()[a.Index] = LuDecomposition.Determinant(a.Pivots.Length, a.LowerUpper, a.Pivots);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        Cofactors<T>.Instance.Apply(at.Input(0)) * dy.Unsqueeze(-1).Unsqueeze(-1);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (Cofactors<T>.Instance.Apply(at.Input(0)) * tangents[0]!).Sum([-2, -1]);
}

/// <summary>The cofactors of each matrix in the last two axes: element [i, j] is (−1)^(i+j) times the determinant without row i and column j.</summary>
/// <remarks>For singular matrices too. Its own derivatives come from det A·A⁻ᵀ, so they need an invertible matrix.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Cofactors<T> : FusedPrimitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Cofactors()
    {
    }

    /// <summary>The operation.</summary>
    public static Cofactors<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "cofactors";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Matrices.Square(inputs[0].Shape, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int n = output.Shape[-1], size = n * n;
        T[] scratch = ArrayPool<T>.Shared.Rent(size);
        for (int i = 0; i < Matrices.Count(output.Shape); i++)
        {
            inputs[0].Dense().Slice(i * size, size).CopyTo(scratch);
            Kernel.Write(n, scratch.AsSpan(0, size), output.Dense().Slice(i * size, size));
        }
        ArrayPool<T>.Shared.Return(scratch);
    }

    /// <inheritdoc/>
    protected override Tensor<T> Compose(Tensor<T>[] inputs) =>
        inputs[0].Inverse().TransposeLast() * inputs[0].Determinant().Unsqueeze(-1).Unsqueeze(-1);
}
