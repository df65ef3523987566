using FastGrad.Analysis.Curvature;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Analysis.Landscapes;

/// <summary>The directions in which a trajectory moves most: principal components of its points.</summary>
/// <remarks>
/// <para>
/// Lorch 2016 (Visualizing deep network training trajectories with PCA) and Li et al. 2018, section 7: a random plane contains almost nothing of a path in
/// many dimensions, this one contains most of it. Points are taken relative to their mean.
/// </para>
/// <para>
/// With k points of n numbers and C [k, n] their deviations, the eigenvectors of the small C·Cᵀ give those of Cᵀ·C: v = Cᵀ·w/‖Cᵀ·w‖. Eigenvalues are
/// off by a few units of rounding of the largest, so shares below 1e-15 are none.
/// </para>
/// </remarks>
public sealed class PrincipalDirections
{
    private PrincipalDirections(double[][] directions, double[] shares, double[] mean) => (Axes, Explained, Mean) = (directions, shares, mean);

    /// <summary>The directions, of length 1 and orthogonal, that with the greatest variance first. On each the last point lies not below the first.</summary>
    public IReadOnlyList<double[]> Axes { get; }

    /// <summary>For each direction the share of the variance along it: λᵢ/Σλ.</summary>
    public IReadOnlyList<double> Explained { get; }

    /// <summary>The mean of the points.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The directions of a trajectory.</summary>
    /// <param name="trajectory">The points; their order matters for signs alone.</param>
    /// <param name="count">How many directions.</param>
    /// <exception cref="ArgumentException">The points lie in fewer dimensions than asked for, within rounding.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static PrincipalDirections Of(Trajectory trajectory, int count = 2)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        IReadOnlyList<double[]> points = trajectory.Snapshots;
        int k = points.Count;
        if (k <= count)
            throw new ArgumentException($"A trajectory of {k} points; expected at least {count + 1} for {count} directions.", nameof(trajectory));
        double[] mean = new double[trajectory.Count];
        foreach (double[] point in points)
            Vectors.Add(mean, 1.0 / k, point);
        double[][] deviations = [.. points.Select(point => Directions.Between(mean, point))];
        double[] gram = new double[k * k], values = new double[k], vectors = new double[k * k];
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j <= i; j++)
                gram[i * k + j] = gram[j * k + i] = Vectors.Dot(deviations[i], deviations[j]);
        }
        if (!SymmetricEigen.Decompose<double>(k, gram, values, vectors))
            throw new ArgumentException("The trajectory's points are too far apart for their squares.", nameof(trajectory));
        double total = values.Sum(value => Math.Max(value, 0)), least = 4 * k * double.Epsilon + k * 1e-15 * total;
        if (!(values[k - count] > least))
            throw new ArgumentException($"The trajectory's {k} points lie in fewer than {count} dimensions; expected a path that bends.", nameof(trajectory));
        double[][] directions = new double[count][];
        for (int d = 0; d < count; d++)
        {
            double[] v = new double[trajectory.Count];
            for (int i = 0; i < k; i++)
                Vectors.Add(v, vectors[i * k + k - 1 - d], deviations[i]);
            double sign = Vectors.Dot(v, deviations[^1]) < Vectors.Dot(v, deviations[0]) ? -1 : 1;
            Vectors.Scale(v, sign / Vectors.Norm(v));
            directions[d] = v;
        }
        return new(directions, [.. Enumerable.Range(0, count).Select(d => values[k - 1 - d] / total)], mean);
    }
}
