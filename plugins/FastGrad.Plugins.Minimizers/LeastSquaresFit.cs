using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Whether the covariance of fitted parameters is known, and why not.</summary>
public enum CovarianceStatus
{
    /// <summary>A residual or a derivative at the solution is not finite.</summary>
    NotFinite,

    /// <summary>It is known.</summary>
    Known,

    /// <summary>The residuals do not tell some parameters apart: <see cref="LeastSquaresFit.Confounded"/>.</summary>
    RankDeficient,

    /// <summary>There are no more residuals than free parameters: the residuals' deviation cannot be estimated.</summary>
    NoDegreesOfFreedom,
}

/// <summary>What a fit by least squares found.</summary>
/// <param name="Search">The search: the parameters are its point, Σ rᵢ² is its value.</param>
/// <param name="Residuals">r at the solution.</param>
/// <param name="DegreesOfFreedom">Residuals less free parameters; below 1 there is no <see cref="ResidualDeviation"/>.</param>
/// <param name="Held">The parameters that stand at a bound and push against it: they are not estimated, and their errors are 0.</param>
public sealed record LeastSquaresFit(MinimizationResult Search, double[] Residuals, int DegreesOfFreedom, IReadOnlyList<int> Held)
{
    /// <summary>The parameters.</summary>
    public double[] Estimates => Search.Point;

    /// <summary>Whether <see cref="StandardErrors"/> and <see cref="Covariance"/> are known.</summary>
    public CovarianceStatus Status { get; init; }

    /// <summary>The residuals' standard deviation s; NaN where it is not known.</summary>
    public double ResidualDeviation { get; init; } = double.NaN;

    /// <summary>The parameters' standard errors; empty where they are not known.</summary>
    public double[] StandardErrors { get; init; } = [];

    /// <summary>s²(JᵀJ)⁻¹, row by row; empty where it is not known.</summary>
    public double[] Covariance { get; init; } = [];

    /// <summary>Where J has not full rank: parameters of which the last has no effect that the others could not have. One alone has no effect at all.</summary>
    public IReadOnlyList<int> Confounded { get; init; } = [];

    /// <summary>Where a parameter lies with some confidence: its estimate and t standard errors to both sides, t of Student's distribution.</summary>
    /// <remarks>As good as the model's linearization there (Seber and Wild 1989, 5.1), and for residuals that are independent and normal.</remarks>
    /// <param name="parameter">Its index.</param>
    /// <param name="confidence">Between 0 and 1, both excluded.</param>
    /// <returns>The interval; NaN for both ends where the standard error is not known, or the parameter stands at its bound.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter, or the confidence is not between 0 and 1.</exception>
    public (double Low, double High) Interval(int parameter, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameter, Estimates.Length);
        double t = StudentT.TwoSided(confidence, Math.Max(1, DegreesOfFreedom));
        double half = StandardErrors.Length == 0 || Held.Contains(parameter) ? double.NaN : t * StandardErrors[parameter];
        return (Estimates[parameter] - half, Estimates[parameter] + half);
    }

    /// <summary>The greatest cosine between the residuals and a free column of J: 0 at a minimum.</summary>
    public double Orthogonality { get; init; } = double.NaN;
}
