using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Which β joins the new gradient and the last direction, with y = g₊ − g.</summary>
public enum ConjugateGradientFormula
{
    /// <summary>‖g₊‖²/‖g‖². Fletcher and Reeves 1964.</summary>
    FletcherReeves,

    /// <summary>max(0, g₊·y/‖g‖²). Polak and Ribière 1969, with Powell's restart.</summary>
    PolakRibierePlus,

    /// <summary>g₊·y/(d·y). Hestenes and Stiefel 1952.</summary>
    HestenesStiefel,

    /// <summary>‖g₊‖²/(d·y). Dai and Yuan 1999.</summary>
    DaiYuan,

    /// <summary>(y − 2d‖y‖²/(d·y))·g₊/(d·y), held above a small negative bound. Hager and Zhang 2005.</summary>
    HagerZhang,
}

/// <summary>Nonlinear conjugate gradients: d ← −g₊ + βd, in memory for a few vectors.</summary>
/// <remarks>
/// Strong Wolfe searches with η = 0.1. It restarts with −g after n steps, and where d is no direction of descent. Hager and Zhang 2006, "A survey
/// of nonlinear conjugate gradient methods".
/// </remarks>
/// <param name="formula">Which β.</param>
public sealed class ConjugateGradient(ConjugateGradientFormula formula = ConjugateGradientFormula.HagerZhang) : Minimizer
{
    /// <inheritdoc/>
    public override string Name => formula switch
    {
        ConjugateGradientFormula.FletcherReeves => "cg-fletcher-reeves",
        ConjugateGradientFormula.PolakRibierePlus => "cg-polak-ribiere-plus",
        ConjugateGradientFormula.HestenesStiefel => "cg-hestenes-stiefel",
        ConjugateGradientFormula.DaiYuan => "cg-dai-yuan",
        _ => "cg-hager-zhang",
    };

    /// <inheritdoc/>
    public override string Source => "Hager and Zhang 2006, Pacific J. Optim. 2";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length], old = new double[x.Length];
        MoreThuente search = new(run, curvature: 0.1);
        double f = run.Gradient(x, g), step = 0, slope = 0;
        int since = 0;
        while (true)
        {
            if (run.Next(x, f, g) is { } reason)
                return reason;
            double before = slope;
            if (since > 0)
                Vectors.AddScaled([.. g.Select(v => -v)], Beta(g, old, d), d, d);
            slope = Vectors.Dot(g, d);
            if (since == 0 || since >= Math.Max(20, x.Length) || !(slope < 0))
            {
                Vectors.Scale(-1, g, d);
                slope = Vectors.Dot(g, d);
                since = 0;
            }
            double first = since == 0 ? Math.Min(1, 1 / Math.Sqrt(-slope)) : step * before / slope;
            g.CopyTo(old, 0);
            step = search.Search(x, ref f, g, d, Math.Clamp(first, 1e-20, 1e5));
            if (step == 0 && since == 0)
                return run.Spent() ?? ExitReason.Precision;
            since = step == 0 ? 0 : since + 1;
        }
    }

    private double Beta(double[] g, double[] old, double[] d)
    {
        double[] y = [.. g.Zip(old, (a, b) => a - b)];
        double dy = Vectors.Dot(d, y);
        return formula switch
        {
            ConjugateGradientFormula.FletcherReeves => Vectors.Dot(g, g) / Vectors.Dot(old, old),
            ConjugateGradientFormula.PolakRibierePlus => Math.Max(0, Vectors.Dot(g, y) / Vectors.Dot(old, old)),
            ConjugateGradientFormula.HestenesStiefel => Vectors.Dot(g, y) / dy,
            ConjugateGradientFormula.DaiYuan => Vectors.Dot(g, g) / dy,
            _ => HagerZhang(),
        };

        double HagerZhang()
        {
            double beta = (Vectors.Dot(y, g) - 2 * Vectors.Dot(y, y) / dy * Vectors.Dot(d, g)) / dy;
            return Math.Max(beta, -1 / (Vectors.Norm(d) * Math.Min(0.01, Vectors.Norm(old))));
        }
    }
}
