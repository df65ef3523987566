using FastGrad.Autograd;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Analysis.Curvature;

/// <summary>The eigenvalues of a symmetric matrix: how a Hessian bends.</summary>
/// <remarks>The kernel's <see cref="SymmetricEigen"/>: O(n³), absolute errors of a few units of rounding of the largest eigenvalue.</remarks>
public static class SymmetricEigenvalues
{
    /// <summary>The eigenvalues of (A + Aᵀ)/2, ascending.</summary>
    /// <param name="matrix">A, of shape [n, n].</param>
    /// <exception cref="ArgumentException">The tensor is no square matrix.</exception>
    public static double[] Of(Tensor<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rank != 2 || matrix.Shape[0] != matrix.Shape[1])
            throw new ArgumentException($"A tensor of shape {matrix.Shape}; expected a square matrix.", nameof(matrix));
        double[] values = new double[matrix.Shape[0]];
        // A matrix that holds NaN or ∞ has no eigenvalues: NaN, as arithmetic has it.
        if (!SymmetricEigen.Decompose<double>(values.Length, matrix.AsReadOnlySpan(), values))
            Array.Fill(values, double.NaN);
        return values;
    }
}
