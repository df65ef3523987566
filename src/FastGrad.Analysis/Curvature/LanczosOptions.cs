namespace FastGrad.Analysis.Curvature;

/// <summary>How far Lanczos' iteration goes.</summary>
public sealed record LanczosOptions
{
    /// <summary>How many eigenvalues are wanted at each end; at least 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The most products with the Hessian, those that measure residuals apart; at least 2. Where it is no less than the dimension, the spectrum is whole.</summary>
    public int MostSteps { get; init; } = 200;

    /// <summary>Residual bounds at which the iteration ends, relative to the largest eigenvalue in size.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>The first vector's seed.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostSteps, 2);
        if (!(Tolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, $"Tolerance is {Tolerance}; expected a positive number.");
    }
}
