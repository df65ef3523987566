using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;
using FastGrad.Kernels.LinearAlgebra;
using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Certificates;

/// <summary>Looks for segments that violate Jensen's inequality, and makes the found one as simple as it can.</summary>
/// <remarks>
/// Two ways: ends drawn at random over many magnitudes, and short segments along the direction in which a Hessian bends down. What is found
/// is confirmed in intervals: the inner value's lower bound is above the chord's upper bound, so that rounding cannot have made it.
/// </remarks>
internal sealed class CounterexampleSearch(Expression formula, IReadOnlyList<string> names, Func<string, Interval> box)
{
    private const int Trials = 4000;

    private static readonly double[] s_lambdas = [0.5, 0.25, 0.75];

    private static readonly PhiloxStream s_random = new(Seed: 2024, Stream: 1);

    public JensenViolation? Find()
    {
        int count = names.Count;
        if (count == 0)
            return null;
        double[] x = new double[count], y = new double[count];
        for (int trial = 0; trial < Trials; trial++)
        {
            for (int i = 0; i < count; i++)
            {
                x[i] = Draw(box(names[i]), trial, 2 * i);
                y[i] = trial % 3 == 0 && i > 0 ? x[i] : Draw(box(names[i]), trial, 2 * i + 1);
            }
            if (trial % 4 == 3 && count <= 32 && !BendDown(x, y, trial))
                continue;
            foreach (double lambda in s_lambdas)
                if (Confirmed(x, y, lambda) is { } found)
                    return Simplified(found);
        }
        return null;
    }

    // Ends to both sides of x along the eigenvector of the least eigenvalue, if that is negative.
    private bool BendDown(double[] x, double[] y, int trial)
    {
        int n = x.Length;
        Jet jet = formula.Fold(new JetMeaning(names, name => x[Index(name)]));
        double[] hessian = [.. jet.Hessian.Select(h => h.IsBounded ? h.Low / 2 + h.High / 2 : double.NaN)], values = new double[n], vectors = new double[n * n];
        if (hessian.Any(double.IsNaN) || !SymmetricEigen.Decompose<double>(n, hessian, values, vectors) || values[0] >= 0)
            return false;
        double step = Kernels.Functions.Exp2<double>.At(1 - trial / 4 % 12);
        for (int i = 0; i < n; i++)
        {
            double d = vectors[i * n], at = x[i];
            Interval side = box(names[i]);
            (x[i], y[i]) = (Math.Clamp(at - step * d, side.Low, side.High), Math.Clamp(at + step * d, side.Low, side.High));
        }
        return true;
    }

    private int Index(string name)
    {
        for (int i = 0; i < names.Count; i++)
            if (names[i] == name)
                return i;
        throw new KeyNotFoundException(name);
    }

    // Log-uniform magnitudes from 1/64 to 64, either sign, held to the box.
    private static double Draw(Interval side, int trial, int which)
    {
        double u = Uniform(trial, 2 * which), v = Uniform(trial, 2 * which + 1);
        if (side.IsBounded)
            return side.Low + u * (side.High - side.Low);
        double magnitude = Kernels.Functions.Exp2<double>.At(12 * u - 6);
        return double.IsFinite(side.Low) ? side.Low + magnitude : double.IsFinite(side.High) ? side.High - magnitude : v < 0.5 ? -magnitude : magnitude;
    }

    private static double Uniform(int trial, int which) => s_random.UniformDouble((ulong)(trial * 4096L + which));

    /// <summary>The violation, if these ends show one for certain.</summary>
    private JensenViolation? Confirmed(double[] x, double[] y, double lambda)
    {
        if (x.AsSpan().SequenceEqual(y))
            return null;
        // Doubles first: intervals are ten times slower.
        double fx = Number(x), fy = Number(y), inner = Number([.. x.Zip(y, (a, b) => lambda * a + (1 - lambda) * b)]);
        if (!(inner > lambda * fx + (1 - lambda) * fy) || !double.IsFinite(fx) || !double.IsFinite(fy))
            return null;
        Interval weight = lambda, rest = 1 - weight;
        Interval inside = Enclosed([.. x.Zip(y, (a, b) => weight * a + rest * b)]);
        Interval chord = weight * Enclosed([.. x.Select(Interval.Point)]) + rest * Enclosed([.. y.Select(Interval.Point)]);
        return inside.Low > chord.High && chord.IsBounded && double.IsFinite(inside.Low)
            ? new(Named(x), Named(y), lambda, inside.Low, chord.High)
            : null;
    }

    // Ends with fewer digits and λ = ½ say the same with less: each is tried and kept where the violation stays certain.
    private JensenViolation Simplified(JensenViolation found)
    {
        double[] x = [.. names.Select(n => found.X[n])], y = [.. names.Select(n => found.Y[n])];
        if (found.Lambda != 0.5 && Confirmed(x, y, 0.5) is { } half)
            found = half;
        foreach (double unit in (double[])[1, 0.5, 0.25, 0.125, 1.0 / 64])
        {
            double[] a = [.. x.Select(v => Round(v, unit))], b = [.. y.Select(v => Round(v, unit))];
            if (Inside(a) && Inside(b) && Confirmed(a, b, found.Lambda) is { } rounded)
            {
                (found, x, y) = (rounded, a, b);
                break;
            }
        }
        // Smaller numbers, one at a time.
        for (int round = 0; round < 8; round++)
        {
            foreach (double[] end in new[] { x, y })
            {
                for (int i = 0; i < end.Length; i++)
                {
                    double before = end[i];
                    foreach (double simpler in (double[])[0, Math.Sign(before), Math.Truncate(before / 2), Math.Truncate(before)])
                    {
                        end[i] = simpler;
                        if (Math.Abs(simpler) < Math.Abs(before) && Inside(end) && Confirmed(x, y, found.Lambda) is { } smaller)
                        {
                            found = smaller;
                            break;
                        }
                        end[i] = before;
                    }
                }
            }
        }
        return found;

        static double Round(double v, double unit) => Math.Round(v / unit) * unit + 0.0; // never −0
    }

    private bool Inside(double[] point) => names.Select((name, i) => box(name).Contains(point[i])).All(inside => inside);

    private double Number(double[] point) => formula.Evaluate(Named(point));

    private Interval Enclosed(Interval[] point) => formula.Fold(new JetMeaning([], name => point[Index(name)])).Value;

    private Dictionary<string, double> Named(double[] point) => new(names.Select((name, i) => KeyValuePair.Create(name, point[i])));
}
