using FastGrad.Optimization.Parameters;
using FastGrad.Plugins.FirstOrder;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>Bounds that are theorems, with rounding slack: linear and accelerated rates on convex quadratics, Adagrad's regret on a box.</summary>
public class ConvergenceBounds
{
    private static Gen<double[]> Numbers(int count, double size) => Gen.Choose(-1000, 1000).Select(i => size * i / 1000).ArrayOf(count);

    /// <summary>f(x) = ½Σaᵢ(qᵢᵀx)² with an orthogonal q (a reflection) and curvatures a between μ and L.</summary>
    private sealed record Quadratic(double[] Curvatures, double[] Mirror, double[] Start)
    {
        public int Count => Start.Length;

        public double Largest => Curvatures.Max();

        public double Least => Curvatures.Min();

        public double Loss(double[] x) => 0.5 * Reflected(x).Select((v, i) => Curvatures[i] * v * v).Sum();

        public double[] Gradient(double[] x) => Reflected([.. Reflected(x).Select((v, i) => Curvatures[i] * v)]);

        private double[] Reflected(double[] x)
        {
            double square = Mirror.Sum(v => v * v), along = square == 0 ? 0 : 2 * x.Select((v, i) => v * Mirror[i]).Sum() / square;
            return [.. x.Select((v, i) => v - along * Mirror[i])];
        }
    }

    private static Arbitrary<Quadratic> Quadratics => (
        from n in Gen.Choose(1, 7)
        from logarithms in Gen.Choose(-3000, 0).Select(i => i / 1000.0).ArrayOf(n)
        from mirror in Numbers(n, 1)
        from start in Numbers(n, 10)
        select new Quadratic([.. logarithms.Select(l => 3 * Math.Pow(10, l))], mirror, start)).ToArbitrary();

    /// <summary>‖x_k‖² ≤ (1 − 2ημL/(μ + L))ᵏ‖x₀‖² for η ≤ 2/(μ + L): Nesterov 2018, theorem 2.1.15.</summary>
    [Property(MaxTest = 60, Replay = "20261123,11")]
    public Property Strong_convexity_gives_a_linear_rate() => Prop.ForAll(Quadratics, Gen.Choose(1, 100).Select(i => i / 100.0).ToArbitrary(), (problem, share) =>
    {
        double mu = problem.Least, l = problem.Largest, rate = share * 2 / (mu + l), factor = 1 - 2 * rate * mu * l / (mu + l);
        ArrayParameter<double> x = new("x", [.. problem.Start], new double[problem.Count]);
        Optimizer<double> descent = new Sgd().Create<double>([x], new SgdOptions { LearningRate = rate });
        double first = problem.Start.Sum(v => v * v), bound = first;
        for (int k = 1; k <= 60; k++)
        {
            problem.Gradient(x.Values).CopyTo(x.Gradient!, 0);
            descent.Step();
            bound *= factor;
            // A step rounds each element by a few ulp of the largest: their squares do not fall below that.
            if (x.Values.Sum(v => v * v) > bound * (1 + 1e-12 * k) + 1e-28 * first)
                return false;
        }
        return true;
    });

    /// <summary>
    /// f(x_k) ≤ 2L‖x₀‖²/(k + 1)² for gradient steps 1/L from y = x_k + (t_k − 1)/t_{k+1}·(x_k − x_{k−1}), t_{k+1} = (1 + √(1 + 4t_k²))/2:
    /// Nesterov 1983; Beck and Teboulle 2009, theorem 4.4.
    /// </summary>
    [Property(MaxTest = 60, Replay = "20261123,13")]
    public Property Nesterovs_momentum_gives_a_quadratic_rate() => Prop.ForAll(Quadratics, problem =>
    {
        double l = problem.Largest, t = 1, first = problem.Start.Sum(v => v * v);
        ArrayParameter<double> y = new("y", [.. problem.Start], new double[problem.Count]);
        Optimizer<double> descent = new Sgd().Create<double>([y], new SgdOptions { LearningRate = 1 / l });
        double[] x = [.. problem.Start];
        for (int k = 1; k <= 80; k++)
        {
            problem.Gradient(y.Values).CopyTo(y.Gradient!, 0);
            descent.Step();
            double[] next = [.. y.Values];
            if (problem.Loss(next) > 2 * l * first / ((k + 1.0) * (k + 1)) * (1 + 1e-12) + 1e-26 * l * first)
                return false;
            double after = (1 + Math.Sqrt(1 + 4 * t * t)) / 2;
            for (int i = 0; i < x.Length; i++)
                y.Values[i] = next[i] + (t - 1) / after * (next[i] - x[i]);
            (x, t) = (next, after);
        }
        return true;
    });

    /// <summary>
    /// Regret on the box [−1, 1]ⁿ, projected after each step: Σgₜ·(xₜ − x*) ≤ (D²/(2η) + η)·Σᵢ‖g_{1:T,i}‖₂ with D = 2, for any gradients and
    /// any x* of the box: Duchi, Hazan and Singer 2011, theorem 5 with the diagonal bound of its corollary.
    /// </summary>
    [Property(MaxTest = 60, Replay = "20261123,17")]
    public Property Adagrads_regret_on_a_box_is_bounded() => Prop.ForAll(
        (from n in Gen.Choose(1, 6)
         from steps in Gen.Choose(1, 80)
         from gradients in Numbers(n * steps, 1)
         from start in Numbers(n, 1)
         from rate in Gen.Choose(1, 300).Select(i => i / 100.0)
         select (n, steps, gradients, start, rate)).ToArbitrary(),
        problem =>
        {
            (int n, int steps, double[] gradients, double[] start, double rate) = problem;
            ArrayParameter<double> x = new("x", [.. start], new double[n]);
            Optimizer<double> adagrad = new Adagrad().Create<double>([x], new AdagradOptions { LearningRate = rate });
            double[] sum = new double[n], squares = new double[n];
            double paid = 0;
            for (int t = 0; t < steps; t++)
            {
                for (int i = 0; i < n; i++)
                {
                    double g = gradients[t * n + i];
                    x.Gradient![i] = g;
                    paid += g * x.Values[i];
                    sum[i] += g;
                    squares[i] += g * g;
                }
                adagrad.Step();
                for (int i = 0; i < n; i++)
                    x.Values[i] = Math.Clamp(x.Values[i], -1, 1);
            }
            double best = -sum.Sum(Math.Abs), bound = (4 / (2 * rate) + rate) * squares.Sum(Math.Sqrt);
            return paid - best <= bound * (1 + 1e-6) + 1e-12; // ε = 1e-10 enters the roots
        });
}
