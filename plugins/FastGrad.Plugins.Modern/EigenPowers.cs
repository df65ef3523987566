using System.Numerics;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.LinearAlgebra;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Plugins.Modern;

/// <summary>Powers and eigenvectors of symmetric matrices, in binary64 whatever the optimizer's type: roots of small eigenvalues need the digits.</summary>
/// <remarks>By <see cref="SymmetricEigen"/>: the same bits on every machine. A matrix that is not finite gives NaN. The basis of a multiple eigenvalue's space is whatever the iteration leaves.</remarks>
internal static class EigenPowers
{
    /// <summary>A^power, with eigenvalues raised to at least <paramref name="least"/>.</summary>
    public static void Power<T>(ReadOnlySpan<T> matrix, Span<T> result, int n, double power, double least)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Decompose(matrix, n, out double[] values, out double[] vectors))
        {
            result.Fill(T.NaN);
            return;
        }
        foreach (ref double value in values.AsSpan())
            value = Pow<double>.At(Math.Max(value, least), power);
        double[] scaled = new double[n * n], product = new double[n * n];
        for (int i = 0; i < n * n; i++)
            scaled[i] = vectors[i] * values[i % n];
        Gemm.Multiply<double>(MatrixForm.NT, n, n, n, scaled, n, vectors, n, product, n);
        for (int i = 0; i < n * n; i++)
            result[i] = T.CreateTruncating(product[i]);
    }

    /// <summary>The eigenvectors as columns, by descending eigenvalue.</summary>
    public static void Vectors<T>(ReadOnlySpan<T> matrix, Span<T> vectors, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Decompose(matrix, n, out _, out double[] ascending))
        {
            vectors.Fill(T.NaN);
            return;
        }
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < n; k++)
                vectors[i * n + k] = T.CreateTruncating(ascending[i * n + n - 1 - k]);
        }
    }

    private static bool Decompose<T>(ReadOnlySpan<T> matrix, int n, out double[] values, out double[] vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] wide = new double[n * n];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = double.CreateTruncating(matrix[i]);
        (values, vectors) = (new double[n], new double[n * n]);
        return SymmetricEigen.Decompose<double>(n, wide, values, vectors);
    }
}
