using System.Numerics;
using FastGrad.Kernels.Elementwise;
using Kernel = FastGrad.Kernels.LinearAlgebra.TriangularSolve;

namespace FastGrad.Autograd.Primitives;

/// <summary>X with op(T)·X = B: triangular T […, n, n], B […, n, k], with the same axes before.</summary>
/// <remarks>dX = op(T)⁻¹·(dB − op(dT)·X); backward dB = op(T)⁻ᵀ·dX, and −dB·Xᵀ on the triangle that is read (−X·dBᵀ where op transposes).</remarks>
/// <param name="upper">Whether the upper triangle is read; the other has no gradient.</param>
/// <param name="transposed">Whether op(T) is Tᵀ.</param>
/// <param name="unitDiagonal">Whether the diagonal counts as ones; then it has no gradient.</param>
/// <param name="tolerance">The size, in parts of the largest on the diagonal, up to which a pivot counts as 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TriangularSolve<T>(bool upper, bool transposed, bool unitDiagonal, double tolerance = 0) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "triangular-solve";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape t = Matrices.Square(inputs[0].Shape, Name), b = inputs[1].Shape;
        return b.Rank == t.Rank && b.Axes[..^1].SequenceEqual(t.Axes[..^1])
            ? b
            : throw new ArgumentException($"'{Name}' of matrices {t} with right-hand sides {b}; expected {Shape.Create(t.Axes[..^1])} and one axis more.", nameof(b));
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Shape shape = inputs[0].Shape;
        int n = shape[-1], columns = output.Shape[-1];
        ReadOnlySpan<T> t = inputs[0].Dense();
        Span<T> x = output.Dense();
        inputs[1].Dense().CopyTo(x);
        for (int i = 0; i < Matrices.Count(shape); i++)
        {
            ReadOnlySpan<T> matrix = t.Slice(i * n * n, n * n);
            if (!unitDiagonal)
                CheckDiagonal(matrix, i, shape);
            Kernel.Solve(upper, transposed, unitDiagonal, n, columns, matrix, x.Slice(i * n * columns, n * columns));
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Tensor<T> db = new TriangularSolve<T>(upper, !transposed, unitDiagonal, tolerance).Apply(at.Input(0), dy);
        return input == 1 ? db : Triangle(transposed ? -at.Output.MatMul(db.TransposeLast()) : -db.MatMul(at.Output.TransposeLast()));
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? right = tangents[1];
        if (tangents[0] is { } t)
        {
            Tensor<T> dt = Triangle(t), moved = (transposed ? dt.TransposeLast() : dt).MatMul(at.Output);
            right = right is null ? -moved : right - moved;
        }
        return Apply(at.Input(0), right!);
    }

    private Tensor<T> Triangle(Tensor<T> x) => upper ? x.Triu(unitDiagonal ? 1 : 0) : x.Tril(unitDiagonal ? -1 : 0);

    private void CheckDiagonal(ReadOnlySpan<T> matrix, int index, Shape shape)
    {
        int n = shape[-1];
        T largest = T.Zero;
        for (int k = 0; k < n; k++)
            largest = T.Abs(matrix[k * n + k]) > largest ? T.Abs(matrix[k * n + k]) : largest;
        T bound = T.CreateTruncating(tolerance) * largest;
        for (int k = 0; k < n; k++)
        {
            if (T.Abs(matrix[k * n + k]) <= bound)
                throw new ArgumentException($"'{Name}': triangular matrix {index} of shape {shape} is singular{(tolerance > 0 ? " to working precision" : "")}: element [{k}, {k}] is {matrix[k * n + k]}; expected a diagonal without zeros.", "x");
        }
    }
}
