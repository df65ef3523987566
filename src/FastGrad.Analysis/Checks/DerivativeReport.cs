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

    /// <summary>What failed; at most four of each check in each argument.</summary>
    public IReadOnlyList<CheckFailure> Failures { get; init; } = [];

    /// <summary>Whether nothing failed.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>Stops a test where something failed.</summary>
    /// <exception cref="DerivativeException">Something failed; the message has a line for each failure.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
            throw new DerivativeException(Failures);
    }

    /// <summary>The name and the worst errors, or the failures, a line each.</summary>
    public override string ToString() => Passed
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Operator}: gradient {GradientError:0.0E+0}, fused {FusedError:0.0E+0}, jvp {JvpError:0.0E+0}, inner product {InnerProductError:0.0E+0}, second order {SecondOrderError:0.0E+0}")
        : string.Join('\n', Failures);

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
