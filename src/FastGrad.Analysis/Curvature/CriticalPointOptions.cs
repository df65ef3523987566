namespace FastGrad.Analysis.Curvature;

/// <summary>What counts as nothing when a point is judged.</summary>
public sealed record CriticalPointOptions
{
    /// <summary>The gradient vanishes where its norm is at most this times max(1, |f|).</summary>
    public double GradientTolerance { get; init; } = 1e-6;

    /// <summary>An eigenvalue is zero where its size is at most this times the largest in size.</summary>
    public double CurvatureTolerance { get; init; } = 1e-8;

    /// <summary>The longest step along flat directions, in which higher derivatives are looked for.</summary>
    public double Radius { get; init; } = 0.1;

    /// <summary>How the spectrum is computed. With no more variables than its steps the index is exact, otherwise it counts the eigenvalues at the ends.</summary>
    public LanczosOptions Lanczos { get; init; } = new() { Count = 8 };
}
