using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Curvature;

/// <summary>The ends of a Hessian's spectrum, by Lanczos' iteration on Hessian-vector products; for few variables the whole of it.</summary>
/// <remarks>
/// Lanczos 1950. No Hessian is formed: a step is one <see cref="Objective.HessianTimes"/>. A single start vector meets each eigenspace in one
/// direction, so that a multiple eigenvalue may be listed once unless the spectrum is whole.
/// </remarks>
public sealed class HessianSpectrum
{
    private HessianSpectrum(IReadOnlyList<Eigenpair> bottom, IReadOnlyList<Eigenpair> top, double[] values, bool isWhole, bool hasConverged) =>
        (Bottom, Top, Values, IsWhole, HasConverged) = (bottom, top, values, isWhole, hasConverged);

    /// <summary>The least eigenvalues, ascending.</summary>
    public IReadOnlyList<Eigenpair> Bottom { get; }

    /// <summary>The greatest eigenvalues, descending.</summary>
    public IReadOnlyList<Eigenpair> Top { get; }

    /// <summary>All eigenvalues, ascending, where the spectrum is whole; otherwise Ritz values, of which those at the ends have converged first.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Whether <see cref="Values"/> are all eigenvalues, with their multiplicities.</summary>
    public bool IsWhole { get; }

    /// <summary>Whether the residuals at both ends are within the tolerance. Otherwise more steps are needed, or the Hessian is not finite.</summary>
    public bool HasConverged { get; }

    /// <summary>max |λ|.</summary>
    public double Largest => Math.Max(Math.Abs(Bottom[0].Value), Math.Abs(Top[0].Value));

    /// <summary>The greatest residual of the listed pairs.</summary>
    public double WorstResidual => Bottom.Concat(Top).Max(pair => pair.Residual);

    /// <summary>The spectrum at a point.</summary>
    /// <exception cref="ArithmeticException">The Hessian holds NaN or ∞ at the point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static HessianSpectrum Of(Objective objective, LanczosOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        options ??= new();
        options.Check();
        int n = objective.Count, count = Math.Min(options.Count, n);
        Krylov krylov = new(objective, new PhiloxStream(options.Seed, 0));
        bool whole = n <= options.MostSteps;
        int most = Math.Min(n, options.MostSteps), next = Math.Min(most, 4 * count + 8);
        (double[] values, double[] vectors) = ([], []);
        while (krylov.Step())
        {
            if (krylov.Steps < most && (whole || krylov.Steps < next))
                continue;
            (values, vectors) = krylov.Ritz();
            if (krylov.Steps == most || Settled(krylov, values, vectors, count, options.Tolerance))
                break;
            next = krylov.Steps + Math.Max(4, krylov.Steps / 4); // the small problem is solved a number of times that grows by the logarithm
        }
        if (values.Length == 0)
            throw new ArithmeticException($"The Hessian is not finite at the point, at f = {objective.Value()}; expected a twice differentiable function there.");
        int m = values.Length;
        count = Math.Min(count, m);
        Eigenpair[] bottom = [.. Enumerable.Range(0, count).Select(i => Pair(objective, krylov, values, vectors, i))];
        Eigenpair[] top = [.. Enumerable.Range(0, count).Select(i => Pair(objective, krylov, values, vectors, m - 1 - i))];
        double limit = Math.Max(options.Tolerance, 1e-10) * Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
        return new(bottom, top, values, whole, bottom.Concat(top).All(pair => pair.Residual <= limit || pair.Residual == 0));
    }

    // |β·s_m| bounds the residual of a Ritz pair without another product.
    private static bool Settled(Krylov krylov, double[] values, double[] vectors, int count, double tolerance)
    {
        int m = values.Length;
        double limit = tolerance * Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
        for (int i = 0; i < count; i++)
            if (Math.Abs(krylov.Last * vectors[(m - 1) * m + i]) > limit || Math.Abs(krylov.Last * vectors[(m - 1) * m + m - 1 - i]) > limit)
                return false;
        return true;
    }

    private static Eigenpair Pair(Objective objective, Krylov krylov, double[] values, double[] vectors, int column)
    {
        double[] v = krylov.Lift(vectors, column), product = objective.HessianTimes(v);
        Vectors.Add(product, -values[column], v);
        return new(values[column], v, Vectors.Norm(product));
    }
}
