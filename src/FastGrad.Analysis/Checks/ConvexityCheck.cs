using FastGrad.Analysis.Catalogue;
using FastGrad.Analysis.Curvature;
using FastGrad.Autograd;

namespace FastGrad.Analysis.Checks;

/// <summary>Holds an operator to its claim of convexity, output element by output element.</summary>
/// <remarks>
/// Convex: Jensen's inequality f(θx + (1 − θ)y) ≤ θf(x) + (1 − θ)f(y), and the first-order bound f(y) ≥ f(x) + J(x)·(y − x), each with
/// a slack of 16ε·Σ|terms|; and the Hessian's eigenvalues, with a slack of 64ε·(1 + Σ|entries|). Neither: both stored segments must show it, by more than the slack.
/// </remarks>
public static class ConvexityCheck
{
    private const double Epsilon = 2.220446049250313e-16;
    private const int Segments = 64;

    /// <summary>The worst violation in units of the slack: up to 1 is rounding. Infinite where a counterexample shows nothing.</summary>
    /// <param name="row">The operator, with a claim.</param>
    /// <param name="seed">Chooses the segments.</param>
    public static double Run(OperatorRow row, ulong seed = 20)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Convexity == Convexity.Neither)
            return row.Counterexample is { } c && Bends(row, c.ConvexityFails) > 4 && Bends(row, c.ConcavityFails) < -4 ? 0 : double.PositiveInfinity;

        bool convex = row.Convexity is Convexity.Convex or Convexity.Affine, concave = row.Convexity is Convexity.Concave or Convexity.Affine;
        double worst = 0;
        foreach (IReadOnlyList<Argument> arguments in row.Cases)
        {
            for (ulong segment = 0; segment < Segments; segment++)
            {
                Tensor<double>[] x = Draw(0), y = Draw(1);
                for (int i = row.ConvexArguments; i < y.Length; i++)
                    y[i] = x[i];
                double theta = Samples.Uniform([], 0, 1, seed, (8UL << 32) + segment).Item();
                foreach (double excess in Jensen(row.Double, x, y, theta).Concat(FirstOrder(row.Double, x, y)))
                    Count(excess);

                Tensor<double>[] Draw(ulong end) => [.. arguments.Select((a, i) =>
                    Samples.Uniform(a.Shape, a.Low, a.High, seed, (4UL << 32) + (segment << 8) + (end << 7) + (ulong)i))];
            }
            double[] bends = Hessian(row, Samples.Point(row, arguments, seed), seed);
            Count(-bends[0]);
            Count(-bends[^1]);
        }
        return worst;

        void Count(double excess) => worst = DerivativeReport.Worse(worst, Math.Max(convex ? excess : 0, concave ? -excess : 0));
    }

    // The eigenvalues of the Hessian of the output's sum under positive weights, in units of the slack: none is below −1 for a convex f.
    private static double[] Hessian(OperatorRow row, Tensor<double>[] x, ulong seed)
    {
        int free = Math.Min(row.ConvexArguments, x.Length);
        Tensor<double> flat = TensorShapes.Concatenate(0, [.. x.Take(free).Select(t => t.Reshape([t.Length]))]);
        Tensor<double> weights = Samples.Uniform(row.Double(x).Shape, 0.5, 1.5, seed, 6UL << 32);
        Tensor<double> hessian = Transforms.Hessian(Weighted, flat);
        double[] values = SymmetricEigenvalues.Of(hessian);
        double slack = 64 * Epsilon * (1 + hessian.ToArray().Sum(Math.Abs));
        return [.. values.Select(v => v / slack)];

        Tensor<double> Weighted(Tensor<double> variables)
        {
            Tensor<double>[] all = [.. x];
            for (int i = 0, start = 0; i < free; start += x[i++].Length)
                all[i] = variables.Slice(0, start, x[i].Length).Reshape(x[i].Shape);
            return (row.Double(all) * weights).Sum();
        }
    }

    /// <summary>f(θx + (1 − θ)y) − θf(x) − (1 − θ)f(y) in units of the slack, for each output element: at most 1 for a convex f.</summary>
    internal static IEnumerable<double> Jensen(Func<Tensor<double>[], Tensor<double>> f, Tensor<double>[] x, Tensor<double>[] y, double theta)
    {
        Tensor<double>[] between = [.. x.Select((a, i) => Tensor.From<double>([.. a.ToArray().Zip(y[i].ToArray(), (p, q) => theta * p + (1 - theta) * q)], a.Shape))];
        double[] fx = f(x).ToArray(), fy = f(y).ToArray(), middle = f(between).ToArray();
        double size = Size(x, y);
        return middle.Select((m, k) => Units(m - (theta * fx[k] + (1 - theta) * fy[k]), Math.Abs(m) + Math.Abs(fx[k]) + Math.Abs(fy[k]) + size));
    }

    /// <summary>f(x) + J(x)·(y − x) − f(y) in units of the slack, for each output element: at most 1 for a convex f.</summary>
    internal static IEnumerable<double> FirstOrder(Func<Tensor<double>[], Tensor<double>> f, Tensor<double>[] x, Tensor<double>[] y)
    {
        Tensor<double>[] step = [.. y.Select((b, i) => Tensor.From<double>([.. b.ToArray().Zip(x[i].ToArray(), (p, q) => p - q)], b.Shape))];
        (Tensor<double> value, Tensor<double> tangent) = Transforms.Jvp(f, x, step);
        double[] fx = value.ToArray(), slope = tangent.ToArray(), fy = f(y).ToArray();
        double size = Size(x, y);
        return fx.Select((v, k) => Units(v + slope[k] - fy[k], Math.Abs(v) + Math.Abs(slope[k]) + Math.Abs(fy[k]) + size));
    }

    private static double Bends(OperatorRow row, (double X, double Y) segment) =>
        Jensen(row.Double, [Tensor.From(segment.X)], [Tensor.From(segment.Y)], 0.5).Single();

    private static double Units(double excess, double terms) => excess == 0 ? 0 : excess / (16 * Epsilon * terms);

    // Points on the segment are rounded too, which a slope of 1 and more passes on: the arguments' size counts among the terms.
    private static double Size(Tensor<double>[] x, Tensor<double>[] y) =>
        x.Concat(y).SelectMany(t => t.ToArray()).Select(Math.Abs).DefaultIfEmpty(0).Max();
}
