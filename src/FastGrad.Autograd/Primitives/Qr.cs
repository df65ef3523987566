using System.Buffers;
using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Autograd.Primitives;

/// <summary>A = Q·R of each matrix [m, n], m ≥ n, in the last two axes: Q [m, n] above R [n, n].</summary>
/// <remarks>
/// With W = dA·R⁻¹, S = Qᵀ·W and U the upper triangular matrix such that S − U is antisymmetric: dR = U·R, dQ = W − Q·U. Backward
/// (dQ + Q·copyltu(R·dRᵀ − dQᵀ·Q))·R⁻ᵀ, where copyltu mirrors the lower triangle: Seeger et al. 2017, "Auto-differentiating linear algebra",
/// <see href="https://arxiv.org/abs/1710.08717"/>, for Q·R instead of L·Q. Where the columns depend on each other, Q has no derivative: an error.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Qr<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Qr()
    {
    }

    /// <summary>The operation.</summary>
    public static Qr<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "qr";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape a = Matrices.Check(inputs[0].Shape, Name);
        return a[-2] >= a[-1]
            ? Shape.Create([.. a.Axes[..^2], a[-2] + a[-1], a[-1]])
            : throw new ArgumentException($"'{Name}' of matrices {a}; expected at least as many rows as columns.", "x");
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int m = inputs[0].Shape[-2], n = inputs[0].Shape[-1], size = m * n;
        ReadOnlySpan<T> a = inputs[0].Dense();
        Span<T> all = output.Dense();
        T[] scratch = ArrayPool<T>.Shared.Rent(size);
        for (int i = 0; i < Matrices.Count(output.Shape); i++)
        {
            a.Slice(i * size, size).CopyTo(scratch);
            Span<T> both = all.Slice(i * (size + n * n), size + n * n);
            QrDecomposition.Decompose(m, n, scratch.AsSpan(0, size), both[..size], both[size..]);
        }
        ArrayPool<T>.Shared.Return(scratch);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        (Tensor<T> q, Tensor<T> r) = Parts(at.Output);
        (Tensor<T> dq, Tensor<T> dr) = Parts(dy);
        Tensor<T> m = r.MatMul(dr.Triu().TransposeLast()) - dq.TransposeLast().MatMul(q);
        return Right(dq + q.MatMul(m.Tril() + m.Tril(-1).TransposeLast()), r, transposed: true);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        (Tensor<T> q, Tensor<T> r) = Parts(at.Output);
        Tensor<T> w = Right(tangents[0]!, r, transposed: false), s = q.TransposeLast().MatMul(w);
        Tensor<T> u = s.Triu() + s.Tril(-1).TransposeLast();
        return new Concatenate<T>(-2).Apply(w - q.MatMul(u), u.MatMul(r));
    }

    /// <summary>Q and R of the output.</summary>
    internal static (Tensor<T> Q, Tensor<T> R) Parts(Tensor<T> both)
    {
        int n = both.Shape[-1], m = both.Shape[-2] - n;
        return (both.Slice(-2, 0, m), both.Slice(-2, m, n));
    }

    // X·op(R)⁻¹. The rank of A shows on R's diagonal, to the rounding of the factorisation.
    private static Tensor<T> Right(Tensor<T> x, Tensor<T> r, bool transposed)
    {
        double rounding = x.Shape[-2] * double.CreateTruncating(Matrices.Epsilon<T>());
        return new TriangularSolve<T>(upper: true, !transposed, unitDiagonal: false, rounding).Apply(r, x.TransposeLast()).TransposeLast();
    }
}
