namespace FastGrad.Analysis.Checks;

/// <summary>The worst errors of a function's derivatives, each relative as its check defines it, and what failed.</summary>
public sealed record DerivativeReport
{
    /// <summary>The name given to the function.</summary>
    public required string Operator { get; init; }

    /// <summary>Reverse mode against numeric differentiation; passes up to 10⁻⁶.</summary>
    public double GradientError { get; init; }

    /// <summary>The eager tape's fused kernels against the functional derivatives; passes up to 10⁻¹².</summary>
    public double FusedError { get; init; }

    /// <summary>Forward mode against numeric differentiation; passes up to 10⁻⁶.</summary>
    public double JvpError { get; init; }

    /// <summary>|⟨w, Jv⟩ − ⟨Jᵀw, v⟩| / (‖w‖‖Jv‖ + ‖Jᵀw‖‖v‖); passes up to 10⁻¹³.</summary>
    public double InnerProductError { get; init; }

    /// <summary>Second derivatives (forward over reverse, reverse over reverse, reverse over forward) against differences of the analytic gradient; passes up to 10⁻⁶.</summary>
    public double SecondOrderError { get; init; }

    /// <summary>What failed; at most a few of each check.</summary>
    public IReadOnlyList<CheckFailure> Failures { get; init; } = [];

    /// <summary>Whether nothing failed.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>The worst of two reports.</summary>
    internal DerivativeReport And(DerivativeReport other) => this with
    {
        GradientError = Worse(GradientError, other.GradientError),
        FusedError = Worse(FusedError, other.FusedError),
        JvpError = Worse(JvpError, other.JvpError),
        InnerProductError = Worse(InnerProductError, other.InnerProductError),
        SecondOrderError = Worse(SecondOrderError, other.SecondOrderError),
        Failures = [.. Failures, .. other.Failures],
    };

    // NaN is worse than anything.
    internal static double Worse(double a, double b) => double.IsNaN(a) || a > b ? a : b;
}
