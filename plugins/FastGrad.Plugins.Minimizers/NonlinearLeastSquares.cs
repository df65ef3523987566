using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Parameters that make Σ rᵢ(b)² least, and how well the residuals determine them.</summary>
/// <remarks>
/// With J = ∂r/∂b at the solution, m residuals and p parameters that are free to move: s² = Σ rᵢ²/(m − p), the covariance of the parameters is
/// s²(JᵀJ)⁻¹, and standard errors are the roots of its diagonal (Seber and Wild 1989, Nonlinear Regression, 2.1.2). The inverse comes from a QR
/// factorization of J with columns of unit length, so that neither the parameters' units nor a squared condition number cost digits.
/// Rows of unequal variance have residuals √wᵢ·rᵢ with wᵢ in inverse proportion to it; s² is then the variance at weight 1.
/// </remarks>
public static class NonlinearLeastSquares
{
    // A column of unit length nearer than this to the span of those before it is taken to lie in it.
    private const double RankTolerance = 1e-13;

    /// <summary>Fits.</summary>
    /// <param name="problem">A problem of <see cref="MinimizationProblem.LeastSquares"/>.</param>
    /// <param name="start">The first parameters.</param>
    /// <param name="minimizer">The minimizer; null for <see cref="LevenbergMarquardt"/>.</param>
    /// <param name="options">When to stop; null for: as near as rounding lets it.</param>
    /// <exception cref="ArgumentException">The problem has no residuals, or the minimizer refuses it.</exception>
    public static LeastSquaresFit Fit(MinimizationProblem problem, ReadOnlySpan<double> start, Minimizer? minimizer = null, MinimizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (problem.Residual is null)
            throw new ArgumentException("The problem has no residuals; expected MinimizationProblem.LeastSquares.", nameof(problem));
        MinimizationResult search = (minimizer ?? new LevenbergMarquardt()).Minimize(problem, start, options ?? new MinimizationOptions { GradientTolerance = 0 });
        return Describe(problem, search);
    }

    /// <summary>Standard errors and covariance at the point that a search, or a chain of searches, has ended at.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="search">Its result.</param>
    /// <exception cref="ArgumentException">The problem has no residuals, or the point is not of its dimension.</exception>
    public static LeastSquaresFit Describe(MinimizationProblem problem, MinimizationResult search)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(search);
        if (problem.Residual is null || problem.Jacobian is null)
            throw new ArgumentException("The problem has no residuals; expected MinimizationProblem.LeastSquares.", nameof(problem));
        if (search.Point.Length != problem.Dimension)
            throw new ArgumentException($"The point has {search.Point.Length} numbers; expected {problem.Dimension}, the problem's dimension.", nameof(search));
        int n = problem.Dimension, m = problem.ResidualCount;
        double[] residuals = new double[m], jacobian = new double[m * n];
        problem.Residual(search.Point, residuals);
        problem.Jacobian(search.Point, jacobian);
        double sum = Vectors.Dot(residuals, residuals);
        int[] held = [.. Enumerable.Range(0, n).Where(IsHeld)], free = [.. Enumerable.Range(0, n).Except(held)];
        int degrees = m - free.Length;
        LeastSquaresFit fit = new(search, residuals, degrees, held);
        if (!double.IsFinite(sum) || Array.Exists(jacobian, v => !double.IsFinite(v)))
            return fit with { Status = CovarianceStatus.NotFinite };
        double orthogonality = free.Length == 0 ? 0 : free.Max(Cosine);
        fit = fit with { Orthogonality = orthogonality };
        // Which parameters cannot be told apart is worth more than that there are too few residuals.
        (double[] inverse, int[] confounded) = Invert(jacobian, m, n, free);
        if (confounded.Length > 0)
            return fit with { Status = CovarianceStatus.RankDeficient, Confounded = confounded };
        if (degrees < 1)
            return fit with { Status = CovarianceStatus.NoDegreesOfFreedom };

        double variance = sum / degrees;
        double[] covariance = new double[n * n], errors = new double[n];
        for (int i = 0; i < free.Length; i++)
        {
            for (int j = 0; j < free.Length; j++)
                covariance[free[i] * n + free[j]] = variance * inverse[i * free.Length + j];
            errors[free[i]] = Math.Sqrt(covariance[free[i] * n + free[i]]);
        }
        return fit with { Status = CovarianceStatus.Known, ResidualDeviation = Math.Sqrt(variance), Covariance = covariance, StandardErrors = errors };

        // At a bound, and pushed against it: Σ r² would fall beyond.
        bool IsHeld(int j)
        {
            double slope = Slope(j);
            return (!problem.Lower.IsEmpty && search.Point[j] <= problem.Lower.Span[j] && slope > 0) || (!problem.Upper.IsEmpty && search.Point[j] >= problem.Upper.Span[j] && slope < 0);
        }

        double Slope(int j)
        {
            double slope = 0;
            for (int i = 0; i < m; i++)
                slope += jacobian[i * n + j] * residuals[i];
            return slope;
        }

        double Cosine(int j)
        {
            double length = Length(jacobian, m, n, j);
            return length == 0 || sum == 0 ? 0 : Math.Abs(Slope(j)) / (length * Math.Sqrt(sum));
        }
    }

    private static double Length(double[] jacobian, int m, int n, int column)
    {
        // Scaled, as squares of derivatives overflow where these do not.
        double largest = 0, sum = 0;
        for (int i = 0; i < m; i++)
            largest = Math.Max(largest, Math.Abs(jacobian[i * n + column]));
        for (int i = 0; i < m && largest > 0; i++)
            sum += jacobian[i * n + column] / largest * (jacobian[i * n + column] / largest);
        return largest * Math.Sqrt(sum);
    }

    // (JᵀJ)⁻¹ of the free columns: D⁻¹R⁻¹R⁻ᵀD⁻¹ of JD⁻¹ = QR. Or the columns of which one is a combination of the others.
    private static (double[] Inverse, int[] Confounded) Invert(double[] jacobian, int m, int n, int[] free)
    {
        int p = free.Length, rows = Math.Max(m, p);
        double[] lengths = [.. free.Select(j => Length(jacobian, m, n, j))], r = new double[rows * p];
        if (Array.FindIndex(lengths, v => v == 0) is >= 0 and int unused)
            return ([], [free[unused]]);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < p; j++)
                r[i * p + j] = jacobian[i * n + free[j]] / lengths[j];
        }
        Householder.Reduce(r, rows, p, new double[rows]);
        for (int k = 0; k < p; k++)
        {
            if (Math.Abs(r[k * p + k]) > RankTolerance)
                continue;
            double[] shares = new double[k];
            for (int i = k - 1; i >= 0; i--)
            {
                shares[i] = r[i * p + k];
                for (int j = i + 1; j < k; j++)
                    shares[i] -= r[i * p + j] * shares[j];
                shares[i] /= r[i * p + i];
            }
            return ([], [.. Enumerable.Range(0, k).Where(i => Math.Abs(shares[i]) > 1e-6).Select(i => free[i]), free[k]]);
        }

        double[] inverse = new double[p * p], triangle = new double[p * p], unit = new double[p], column = new double[p];
        for (int k = 0; k < p; k++)
        {
            Array.Clear(unit);
            unit[k] = 1;
            Householder.SolveUpper(r.AsSpan(0, p * p), p, unit, column);
            for (int i = 0; i < p; i++)
                triangle[i * p + k] = column[i] / lengths[i];
        }
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
                inverse[i * p + j] = Vectors.Dot(triangle.AsSpan(i * p, p), triangle.AsSpan(j * p, p));
        }
        return (inverse, []);
    }
}
