using System.Globalization;

namespace FastGrad.Analysis.Curvature;

/// <summary>What kind of point a function is at, and what that rests on.</summary>
public sealed class CriticalPointReport
{
    internal CriticalPointReport(CriticalPointKind kind, double value, double gradientNorm, double gradientTolerance, double tolerance, HessianSpectrum spectrum, IReadOnlyList<double>? descent, double curvature)
    {
        (Kind, Value, GradientNorm, GradientTolerance, Tolerance, Spectrum, Descent, DescentCurvature) = (kind, value, gradientNorm, gradientTolerance, tolerance, spectrum, descent, curvature);
        IReadOnlyList<double> values = spectrum.IsWhole ? spectrum.Values : [.. Ends(spectrum)];
        Index = values.Count(v => v < -tolerance);
        Rising = values.Count(v => v > tolerance);
        Flat = values.Count - Index - Rising;
    }

    /// <summary>The kind.</summary>
    public CriticalPointKind Kind { get; }

    /// <summary>f(x).</summary>
    public double Value { get; }

    /// <summary>‖∇f(x)‖.</summary>
    public double GradientNorm { get; }

    /// <summary>The norm up to which the gradient counts as zero.</summary>
    public double GradientTolerance { get; }

    /// <summary>The size up to which an eigenvalue counts as zero: relative to the largest, and no less than the residuals.</summary>
    public double Tolerance { get; }

    /// <summary>The eigenvalues that the kind rests on.</summary>
    public HessianSpectrum Spectrum { get; }

    /// <summary>The number of eigenvalues below zero: all where <see cref="IsExact"/>, otherwise those at the bottom of the spectrum.</summary>
    public int Index { get; }

    /// <summary>The number of eigenvalues above zero, counted alike.</summary>
    public int Rising { get; }

    /// <summary>The number of eigenvalues that count as zero, counted alike.</summary>
    public int Flat { get; }

    /// <summary>Whether all eigenvalues were counted.</summary>
    public bool IsExact => Spectrum.IsWhole;

    /// <summary>A direction of length 1 along which f falls; null where none was found.</summary>
    public IReadOnlyList<double>? Descent { get; }

    /// <summary>The curvature along it: a negative eigenvalue, or 0 where a derivative of higher order falls.</summary>
    public double DescentCurvature { get; }

    /// <summary>The report in a few lines.</summary>
    public override string ToString()
    {
        string kind = Kind switch
        {
            CriticalPointKind.Minimum => "minimum",
            CriticalPointKind.Maximum => "maximum",
            CriticalPointKind.Saddle => "saddle",
            CriticalPointKind.Plateau => "plateau",
            _ => "not critical",
        };
        return string.Create(CultureInfo.InvariantCulture, $"""
            {kind}, index {Index}{(IsExact ? "" : " at least")}: {Index} eigenvalues below zero, {Flat} flat, {Rising} above{(IsExact ? "" : " (of those at the ends)")}
            value {Value:G6}, gradient norm {GradientNorm:G3} (zero up to {GradientTolerance:G3})
            eigenvalues from {Spectrum.Bottom[0].Value:G6} to {Spectrum.Top[0].Value:G6}, residuals up to {Spectrum.WorstResidual:G2} (zero up to {Tolerance:G3})
            """);
    }

    private static IEnumerable<double> Ends(HessianSpectrum spectrum) => spectrum.Bottom.Concat(spectrum.Top).Select(pair => pair.Value).Distinct();
}
