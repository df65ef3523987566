using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Autograd.Primitives;

/// <summary>X with op(A)·X = B: A […, n, n], B […, n, k], with the same axes before.</summary>
/// <remarks>dX = op(A)⁻¹·(dB − op(dA)·X); backward dB = op(A)⁻ᵀ·dX and dA = −dB·Xᵀ, or −X·dBᵀ where op transposes.</remarks>
/// <param name="transposed">Whether op(A) is Aᵀ.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Solve<T>(bool transposed = false) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "solve";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape a = Matrices.Square(inputs[0].Shape, Name), b = inputs[1].Shape;
        return b.Rank == a.Rank && b.Axes[..^1].SequenceEqual(a.Axes[..^1])
            ? b
            : throw new ArgumentException($"'{Name}' of matrices {a} with right-hand sides {b}; expected {Shape.Create(a.Axes[..^1])} and one axis more.", nameof(b));
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int n = inputs[0].Shape[-1], columns = output.Shape[-1];
        Span<T> x = output.Dense();
        inputs[1].Dense().CopyTo(x);
        foreach (Factors<T> a in new FactorSequence<T>(inputs[0], Name, mustBeRegular: true))
            LuDecomposition.Solve(transposed, n, columns, a.LowerUpper, a.Pivots, x.Slice(a.Index * n * columns, n * columns));
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Tensor<T> db = new Solve<T>(!transposed).Apply(at.Input(0), dy);
        return input == 1 ? db : transposed ? -at.Output.MatMul(db.TransposeLast()) : -db.MatMul(at.Output.TransposeLast());
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? right = tangents[1];
        if (tangents[0] is { } da)
        {
            Tensor<T> moved = (transposed ? da.TransposeLast() : da).MatMul(at.Output);
            right = right is null ? -moved : right - moved;
        }
        return Apply(at.Input(0), right!);
    }
}
