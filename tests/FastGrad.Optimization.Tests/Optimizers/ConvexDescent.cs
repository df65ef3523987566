using FastGrad.Optimization.Parameters;
using FastGrad.Plugins.FirstOrder;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>Gradient descent on convex quadratics f(x) = ½xᵀAx with 0 ≼ A ≼ L and any η ≤ 1/L.</summary>
public class ConvexDescent
{
    /// <summary>
    /// The descent lemma f(x⁺) ≤ f(x) − (η/2)‖∇f(x)‖², and the bound f(x_k) ≤ ‖x₀‖²/(2ηk) (Nesterov 2018, theorem 2.1.14), each with
    /// rounding slack.
    /// </summary>
    [Property(MaxTest = 60, Replay = "20261123,7")]
    public Property The_loss_falls_as_the_descent_lemma_says() => Prop.ForAll(
        (from n in Gen.Choose(1, 8)
         from factor in Gen.Choose(-1000, 1000).Select(i => i / 1000.0).ArrayOf(n * n)
         from start in Gen.Choose(-1000, 1000).Select(i => i / 100.0).ArrayOf(n)
         from share in Gen.Choose(1, 100).Select(i => i / 100.0)
         select (n, factor, start, share)).ToArbitrary(),
        problem =>
        {
            (int n, double[] b, double[] start, double share) = problem;
            double[,] a = new double[n, n]; // BᵀB: symmetric and positive semidefinite
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    a[i, j] = Enumerable.Range(0, n).Sum(k => b[k * n + i] * b[k * n + j]);
            }
            // The largest row sum bounds the largest eigenvalue (Gershgorin).
            double curvature = Enumerable.Range(0, n).Max(i => Enumerable.Range(0, n).Sum(j => Math.Abs(a[i, j])));
            if (curvature == 0)
                return true;
            double rate = share / curvature;
            ArrayParameter<double> x = new("x", [.. start], new double[n]);
            Optimizer<double> descent = new Sgd().Create<double>([x], new SgdOptions { LearningRate = rate });
            double distance = start.Sum(v => v * v);
            for (int k = 1; k <= 30; k++)
            {
                (double before, double slack) = Loss();
                double[] gradient = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => a[i, j] * x.Values[j]))];
                gradient.CopyTo(x.Gradient!, 0);
                descent.Step();
                double after = Loss().Value;
                if (after > before - 0.5 * rate * gradient.Sum(g => g * g) + slack || after > distance / (2 * rate * k) + slack)
                    return false;
            }
            return true;

            (double Value, double Slack) Loss()
            {
                double value = 0, terms = 0;
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++)
                    {
                        double term = 0.5 * a[i, j] * x.Values[i] * x.Values[j];
                        value += term;
                        terms += Math.Abs(term);
                    }
                }
                return (value, 16 * n * 2.3e-16 * terms + 1e-300);
            }
        });
}
