using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Curvature;

/// <summary>Tells what kind of point a function is at, and leads away from saddles.</summary>
public static class CriticalPoint
{
    private const int FlatProbes = 16;

    /// <summary>Judges a point by its gradient and Hessian; where the Hessian is flat, by values along the flat directions.</summary>
    /// <remarks>
    /// Second derivatives decide wherever they differ from zero. Among flat directions (a monkey saddle x³ − 3xy², x⁴) each of them and some random mixtures
    /// are stepped along both ways: a change above rounding is a fact about f, no change is none about what was not looked into.
    /// </remarks>
    /// <exception cref="ArithmeticException">Value, gradient or Hessian is not finite at the point.</exception>
    public static CriticalPointReport Classify(Objective objective, CriticalPointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        options ??= new();
        double value = objective.Value(), gradient = Vectors.Norm(objective.Gradient()), allowed = options.GradientTolerance * Math.Max(1, Math.Abs(value));
        if (!double.IsFinite(value) || !double.IsFinite(gradient))
            throw new ArithmeticException($"f is {value} and its gradient's norm {gradient}; expected finite numbers.");
        int n = objective.Count;
        LanczosOptions lanczos = options.Lanczos;
        if (n <= lanczos.MostSteps)
            lanczos = lanczos with { Count = n }; // all vectors: the flat ones are wanted too
        HessianSpectrum spectrum = HessianSpectrum.Of(objective, lanczos);
        double tolerance = Math.Max(options.CurvatureTolerance * spectrum.Largest, spectrum.WorstResidual);
        Eigenpair lowest = spectrum.Bottom[0];
        bool falls = lowest.Value < -tolerance, rises = spectrum.Top[0].Value > tolerance;
        IReadOnlyList<double>? descent = falls ? lowest.Vector : null;
        double curvature = falls ? lowest.Value : 0;
        if (gradient > allowed)
            return Report(CriticalPointKind.NotCritical);
        if (!(falls && rises))
        {
            Eigenpair[] flat = [.. spectrum.Bottom.Where(pair => Math.Abs(pair.Value) <= tolerance)];
            foreach (double[] direction in Mixtures(flat, n, options.Lanczos.Seed))
            {
                (bool down, bool up) = Look(objective, direction, value, options.Radius);
                if (down && descent is null)
                    descent = direction;
                (falls, rises) = (falls || down, rises || up);
            }
        }
        return Report((falls, rises) switch
        {
            (true, true) => CriticalPointKind.Saddle,
            (true, false) => CriticalPointKind.Maximum,
            (false, true) => CriticalPointKind.Minimum,
            _ => CriticalPointKind.Plateau,
        });

        CriticalPointReport Report(CriticalPointKind kind) => new(kind, value, gradient, allowed, tolerance, spectrum, descent, curvature);
    }

    /// <summary>A lower point, reached from a saddle or maximum along the direction that falls most.</summary>
    /// <remarks>
    /// Steps 1, ½, ¼ … until f falls by a quarter of what the curvature foretells, then doubled while f goes on falling. Where the curvature is zero
    /// (a derivative of higher order falls) any fall above rounding will do.
    /// </remarks>
    /// <returns>The point, in x's shape; null where no fall was found.</returns>
    public static Tensor<double>? Escape(Objective objective, CriticalPointReport report)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(report);
        if (report.Descent is null)
            return null;
        double[] v = [.. report.Descent];
        if (Vectors.Dot(v, objective.Gradient()) > 0)
            Vectors.Scale(v, -1);
        for (double step = 1; step > 1e-8; step /= 2)
        {
            double enough = Math.Max(Rounding(report.Value), -0.125 * report.DescentCurvature * step * step);
            foreach (double signed in (double[])[step, -step])
            {
                double at = signed, reached = objective.Value(v, at);
                if (!(reached < report.Value - enough))
                    continue;
                for (double further; (further = objective.Value(v, 2 * at)) < reached && Math.Abs(at) < 1e3; reached = further)
                    at *= 2;
                return objective.Moved(v, at);
            }
        }
        return null;
    }

    private static IEnumerable<double[]> Mixtures(Eigenpair[] flat, int n, ulong seed)
    {
        foreach (Eigenpair pair in flat)
            yield return [.. pair.Vector];
        double[] factors = new double[flat.Length];
        for (int probe = 0; probe < FlatProbes && flat.Length > 1; probe++)
        {
            new PhiloxStream(seed, (ulong)probe + 1).FillNormal<double>(factors, 0, 1);
            double[] mixed = new double[n];
            for (int i = 0; i < flat.Length; i++)
                Vectors.Add(mixed, factors[i], [.. flat[i].Vector]);
            Vectors.Scale(mixed, 1 / Vectors.Norm(mixed));
            yield return mixed;
        }
    }

    // Both ways, at three lengths.
    private static (bool Falls, bool Rises) Look(Objective objective, double[] direction, double value, double radius)
    {
        bool falls = false, rises = false;
        foreach (double length in (double[])[radius, radius / 4, radius / 16])
        {
            foreach (double step in (double[])[length, -length])
            {
                double change = objective.Value(direction, step) - value;
                (falls, rises) = (falls || change < -Rounding(value), rises || change > Rounding(value));
            }
        }
        return (falls, rises);
    }

    // What a loss's sums may be off by: some thousand units of rounding.
    private static double Rounding(double value) => 1e-12 * Math.Max(1e-3, Math.Abs(value));
}
