using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Factorisations, solutions and determinants of the matrices in the last two axes, as torch.linalg has them; axes before are batches.</summary>
/// <remarks>
/// Differentiable to any order where derivatives exist; where they do not, the derivative is an error that names the matrix. Kernels, accuracy and sources are those of
/// FastGrad.Kernels.LinearAlgebra. In a captured program elements are checked in each run.
/// </remarks>
public static class TensorLinearAlgebra
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The Cholesky factor: lower triangular L with A = L·Lᵀ, or upper triangular U = Lᵀ.</summary>
        /// <param name="upper">Whether U is asked for.</param>
        /// <remarks>The gradient is that of a function of symmetric matrices: symmetric.</remarks>
        /// <exception cref="ArgumentException">A matrix is not square, not symmetric or not positive definite.</exception>
        public Tensor<T> Cholesky(bool upper = false)
        {
            Tensor<T> l = Primitives.Cholesky<T>.Instance.Apply(x);
            return upper ? l.TransposeLast() : l;
        }

        /// <summary>X with op(T)·X = B, or X·op(T) = B, for triangular T; batches broadcast.</summary>
        /// <param name="b">B […, n, k]; for the right side […, k, n].</param>
        /// <param name="upper">Whether T's upper triangle is read. The other one is not looked at, and has no gradient.</param>
        /// <param name="left">Whether op(T) stands on the left of X.</param>
        /// <param name="transposed">Whether op(T) is Tᵀ.</param>
        /// <param name="unitDiagonal">Whether the diagonal counts as ones.</param>
        /// <exception cref="ArgumentException">The shapes do not fit, or there is a zero on the diagonal.</exception>
        public Tensor<T> TriangularSolve(Tensor<T> b, bool upper, bool left = true, bool transposed = false, bool unitDiagonal = false)
        {
            ArgumentNullException.ThrowIfNull(b);
            if (!left)
                return x.TriangularSolve(Transposed(b), upper, left: true, !transposed, unitDiagonal).TransposeLast();
            (Tensor<T> t, b) = Batched(x, b, "triangular-solve");
            return new TriangularSolve<T>(upper, transposed, unitDiagonal).Apply(t, b);
        }

        /// <summary>X with A·X = B, or X·A = B; batches broadcast. As torch.linalg.solve, B may be a vector, or one for each matrix of A.</summary>
        /// <param name="b">B […, n, k]; for the right side […, k, n]; or the vectors [n], or A's shape without its last axis.</param>
        /// <param name="left">Whether A stands on the left of X.</param>
        /// <exception cref="ArgumentException">The shapes do not fit, or a matrix is singular.</exception>
        public Tensor<T> Solve(Tensor<T> b, bool left = true)
        {
            ArgumentNullException.ThrowIfNull(b);
            if (x.Rank >= 2 && (b.Rank == 1 || (b.Rank == x.Rank - 1 && b.Shape.Axes.SequenceEqual(x.Shape.Axes[..^1]))))
                return left
                    ? x.Solve(b.Unsqueeze(-1)).Squeeze(-1)
                    : throw new ArgumentException($"A vector of shape {b.Shape} on the left of a matrix; expected a matrix, [..., k, n].", nameof(b));
            if (!left)
                return x.TransposeLast().Solve(Transposed(b)).TransposeLast();
            (Tensor<T> a, b) = Batched(x, b, "solve");
            return new Solve<T>().Apply(a, b);
        }

        /// <summary>A⁻¹. To solve a system, <see cref="Solve"/> is faster and more accurate.</summary>
        /// <exception cref="ArgumentException">A matrix is not square, or singular.</exception>
        public Tensor<T> Inverse() => Primitives.Inverse<T>.Instance.Apply(x);

        /// <summary>det A. Its gradient, the matrix of cofactors, exists for singular matrices too; its second derivatives need an invertible one here.</summary>
        /// <exception cref="ArgumentException">A matrix is not square.</exception>
        public Tensor<T> Determinant() => Primitives.Determinant<T>.Instance.Apply(x);

        /// <summary>log det A: −∞ where det A is 0, NaN where it is negative. Its gradient is A⁻ᵀ.</summary>
        /// <exception cref="ArgumentException">A matrix is not square; or, for the gradient, singular.</exception>
        public Tensor<T> LogDeterminant()
        {
            (Tensor<T> sign, Tensor<T> log) = x.SignedLogDeterminant();
            return log + sign.Log();
        }

        /// <summary>The sign of det A (−1, 0 or 1; a constant), and log |det A|, −∞ where it is 0. The gradient of the second is A⁻ᵀ.</summary>
        /// <exception cref="ArgumentException">A matrix is not square; or, for the gradient, singular.</exception>
        public (Tensor<T> Sign, Tensor<T> LogAbsolute) SignedLogDeterminant()
        {
            Tensor<T> both = Primitives.SignedLogDeterminant<T>.Instance.Apply(x);
            return (both.Detach().Select(-1, 0), both.Select(-1, 1));
        }

        /// <summary>The reduced decomposition A = Q·R of A [m, n]: Q [m, r] with orthonormal columns, R [r, n] upper triangular, r = min(m, n).</summary>
        /// <remarks>
        /// R's diagonal has either sign, as in LAPACK. A wide A is taken as its first m columns, which are decomposed, and the others, which Qᵀ turns. The derivative needs these first
        /// columns to be independent.
        /// </remarks>
        /// <exception cref="ArgumentException">There are fewer than two axes; or, for the derivative, the first r columns depend on each other.</exception>
        public (Tensor<T> Q, Tensor<T> R) Qr()
        {
            int rows = Matrices.Check(x.Shape, "qr")[-2], columns = x.Shape[-1];
            if (rows >= columns)
                return Primitives.Qr<T>.Parts(Primitives.Qr<T>.Instance.Apply(x));
            (Tensor<T> q, Tensor<T> r) = x.Slice(-1, 0, rows).Qr();
            return (q, TensorShapes.Concatenate(-1, r, q.TransposeLast().MatMul(x.Slice(-1, rows, columns - rows))));
        }

        /// <summary>A = V·diag(λ)·Vᵀ of symmetric A: eigenvalues in ascending order […, n], orthonormal eigenvectors as columns […, n, n]; torch.linalg.eigh.</summary>
        /// <remarks>
        /// The sign of an eigenvector is whatever the iteration leaves, so only functions that do not depend on it have a meaning. The gradient is symmetric. Eigenvectors have a derivative
        /// where eigenvalues are distinct.
        /// </remarks>
        /// <exception cref="ArgumentException">A matrix is not square, not symmetric or not finite; or, for the derivative, has equal eigenvalues.</exception>
        public (Tensor<T> Values, Tensor<T> Vectors) SymmetricEigen() => Primitives.SymmetricEigen<T>.Parts(Primitives.SymmetricEigen<T>.Instance.Apply(x));

        /// <summary>The eigenvalues of symmetric A in ascending order […, n]; torch.linalg.eigvalsh. The gradient of λᵢ is vᵢ·vᵢᵀ.</summary>
        /// <exception cref="ArgumentException">A matrix is not square, not symmetric or not finite; or, for second derivatives, has equal eigenvalues.</exception>
        public Tensor<T> SymmetricEigenvalues() => Primitives.SymmetricEigenvalues<T>.Instance.Apply(x);
    }

    private static Tensor<T> Transposed<T>(Tensor<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => b.Rank >= 2
            ? b.TransposeLast()
            : throw new ArgumentException($"Right-hand sides of shape {b.Shape}; expected matrices, [..., k, n].", nameof(b));

    // The same axes before the last two.
    private static (Tensor<T> A, Tensor<T> B) Batched<T>(Tensor<T> x, Tensor<T> b, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shape square = Matrices.Square(x.Shape, operation);
        if (b.Rank < 2 || b.Shape[-2] != square[-1])
            throw new ArgumentException($"'{operation}' of matrices {x.Shape} with right-hand sides {b.Shape}; expected [..., {square[-1]}, k].", nameof(b));
        Shape batch = Shape.Broadcast(Shape.Create(x.Shape.Axes[..^2]), Shape.Create(b.Shape.Axes[..^2]));
        return (x.BroadcastTo(Shape.Create([.. batch.Axes, .. x.Shape.Axes[^2..]])), b.BroadcastTo(Shape.Create([.. batch.Axes, .. b.Shape.Axes[^2..]])));
    }
}
