using FastGrad.Autograd;
using FastGrad.Kernels.Functions;
using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Generators;

/// <summary>Tensors with a structure that operators ask for.</summary>
public static class Matrices
{
    /// <summary>Symmetric positive definite matrices [n, n], n from 1 on, whose eigenvalues lie in [1/condition, 1].</summary>
    /// <remarks>
    /// Q·diag(λ)·Qᵀ, where Q is a product of reflections and λ is log-uniform. Sums are taken for i ≤ j and copied, so that the matrix is symmetric to the bit; rounding moves
    /// eigenvalues by a few n·2⁻⁵².
    /// </remarks>
    /// <param name="maxSize">The largest n.</param>
    /// <param name="condition">The bound of λmax/λmin, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is below 1.</exception>
    public static Gen<Tensor<double>> PositiveDefinite(int maxSize = 5, double condition = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(condition, 1);
        return from n in Gen.Choose(1, maxSize)
               from positions in Gen.ArrayOf(Unit(), n)
               from mirrors in Gen.ArrayOf(Gen.ArrayOf(Unit(), n), n)
               select Assemble([.. positions.Select(p => Pow<double>.At(condition, -p))], mirrors);
    }

    /// <summary>Rows of probabilities [rows, classes] that sum to 1: some even, some almost certain, some with zeros.</summary>
    /// <param name="maxRows">The largest number of rows.</param>
    /// <param name="maxClasses">The largest number of classes; the least is 2.</param>
    public static Gen<Tensor<double>> ProbabilityRows(int maxRows = 4, int maxClasses = 5) =>
        from rows in Gen.Choose(1, maxRows)
        from classes in Gen.Choose(2, Math.Max(2, maxClasses))
        from weights in Gen.ArrayOf(Gen.Frequency((6, Unit()), (1, Gen.Constant(0.0)), (2, Numbers.LogUniform(-40, 0).Select(Math.Abs))), rows * classes)
        select Tensor.From<double>([.. weights.Chunk(classes).SelectMany(Normalized)], [rows, classes]);

    /// <summary>Class labels of rows: from 0 up to, not including, the number of classes.</summary>
    /// <param name="rows">The number of labels.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    public static Gen<Tensor<int>> Labels(int rows, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return from labels in Gen.ArrayOf(Gen.Choose(0, classes - 1), rows)
               select Tensor.From<int>(labels);
    }

    // In [0, 1).
    private static Gen<double> Unit() => Gen.Choose(0, int.MaxValue).Select(k => k / (double)(1L << 31));

    private static IEnumerable<double> Normalized(double[] weights)
    {
        double sum = weights.Sum();
        return sum > 0 ? weights.Select(w => w / sum) : weights.Select((_, i) => i == 0 ? 1.0 : 0);
    }

    private static Tensor<double> Assemble(double[] eigenvalues, double[][] mirrors)
    {
        int n = eigenvalues.Length;
        double[][] q = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())];
        foreach (double[] mirror in mirrors)
        {
            double[] v = [.. mirror.Select(m => m - 0.5)];
            double square = v.Sum(x => x * x);
            if (square < 1e-6)
                continue;
            foreach (double[] row in q)
            {
                double along = 2 * row.Zip(v, (a, b) => a * b).Sum() / square;
                for (int j = 0; j < n; j++)
                    row[j] -= along * v[j];
            }
        }
        double[] elements = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
                elements[i * n + j] = elements[j * n + i] = Enumerable.Range(0, n).Sum(k => q[i][k] * eigenvalues[k] * q[j][k]);
        }
        return Tensor.From<double>(elements, [n, n]);
    }
}
