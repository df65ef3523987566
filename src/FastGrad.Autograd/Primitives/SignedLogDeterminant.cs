using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Autograd.Primitives;

/// <summary>The sign of det A and log |det A| of each matrix in the last two axes, side by side in a new last axis of length 2.</summary>
/// <remarks>d log |det A| = tr(A⁻¹·dA), so its gradient is A⁻ᵀ; the sign's is 0. A singular matrix has sign 0 and −∞, and no gradient.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SignedLogDeterminant<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SignedLogDeterminant()
    {
    }

    /// <summary>The operation.</summary>
    public static SignedLogDeterminant<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "signed-log-determinant";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Shape.Create([.. Matrices.Square(inputs[0].Shape, Name).Axes[..^2], 2]);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Span<T> all = output.Dense();
        foreach (Factors<T> a in new FactorSequence<T>(inputs[0], Name, mustBeRegular: false))
        {
            (int sign, T log) = LuDecomposition.LogDeterminant(a.Pivots.Length, a.LowerUpper, a.Pivots);
            (all[2 * a.Index], all[2 * a.Index + 1]) = (T.CreateTruncating(sign), log);
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        at.Input(0).Inverse().TransposeLast() * dy.Slice(-1, 1, 1).Unsqueeze(-1);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T> log = (at.Input(0).Inverse().TransposeLast() * tangents[0]!).Sum([-2, -1]);
        return new Embed<T>(-1, 1, 2).Apply(log.Unsqueeze(-1));
    }
}
