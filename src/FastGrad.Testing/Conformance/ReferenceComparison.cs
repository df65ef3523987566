using System.Globalization;
using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Testing.Conformance;

/// <summary>Steps an optimizer beside its scalar reference, and the reference beside itself with noise, which sets the tolerance.</summary>
internal sealed class ReferenceComparison<T>(OptimizerDefinition definition, OptionValues? values, double floor, double noise)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The first step after which they are further apart than max(floor, 100 times what noise does); null where there is none.</summary>
    /// <param name="problem">What they step through.</param>
    /// <param name="absent">Whether a parameter has no gradient at a step.</param>
    public Deviation? Find(TestProblem problem, Func<int, int, bool> absent)
    {
        TestRun<T> run = new(definition, values, problem);
        double[][] start = TestProblem.Values(run.Parameters), exact = TestProblem.Values(run.Parameters), noisy = TestProblem.Values(run.Parameters);
        int now = 0;
        ReferenceOptimizer reference = definition.CreateReference(problem.Shapes, values), shaken = definition.CreateReference(problem.Shapes, values);
        for (int step = 0; step < OptimizerConformance.Steps; step++)
        {
            now = step;
            run.Go(step, step + 1, absent);
            reference.Step(exact, Gradients(exact, 0), problem.ReferenceObjective(exact, () => now));
            shaken.Step(noisy, Gradients(noisy, noise), problem.ReferenceObjective(noisy, () => now));
            double tolerance = Math.Max(floor, 100 * Furthest(exact, noisy).Distance);
            if (tolerance > 1e-3 && step >= 20)
                return null;
            double[][] got = TestProblem.Values(run.Parameters);
            (double distance, int p, int i) = Furthest(exact, got);
            if (!(distance <= tolerance))
                return new(problem.Shapes[p], i, step + 1, start[p][i], exact[p][i], got[p][i], distance, tolerance);
        }
        return null;

        double[]?[] Gradients(double[][] x, double relative)
        {
            double[]?[] gradients = problem.Gradient(x, now);
            for (int p = 0; p < gradients.Length; p++)
            {
                for (int i = 0; i < gradients[p]!.Length; i++)
                    gradients[p]![i] *= 1 + relative * TestProblem.Uniform(9, (ulong)now, (ulong)((p * 1000) + i));
                if (absent(now, p))
                    gradients[p] = null;
            }
            return gradients;
        }
    }

    /// <summary>max |a − b| / max(1, |a|) and where it is; NaN where either is.</summary>
    private static (double Distance, int Parameter, int Element) Furthest(double[][] a, double[][] b)
    {
        (double Distance, int Parameter, int Element) worst = default;
        for (int p = 0; p < a.Length; p++)
        {
            for (int i = 0; i < a[p].Length; i++)
            {
                double distance = Math.Abs(a[p][i] - b[p][i]) / Math.Max(1, Math.Abs(a[p][i]));
                if (!(distance <= worst.Distance))
                    worst = (distance, p, i);
                if (double.IsNaN(distance))
                    return worst;
            }
        }
        return worst;
    }

    /// <summary>Where optimizer and reference part.</summary>
    internal sealed record Deviation(
        ParameterInfo Parameter, int Element, int Step, double Start, double Expected, double Actual, double Distance, double Tolerance)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"'{Parameter}' element {Element}, at first {Start:R}, is {Actual:R} after step {Step}; expected {Expected:R} (they are {Distance:g3} apart; the tolerance is {Tolerance:g3})");
    }
}
