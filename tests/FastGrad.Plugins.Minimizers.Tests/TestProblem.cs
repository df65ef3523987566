using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>A sum of squares from Moré, Garbow and Hillstrom 1981, "Testing unconstrained optimization software", ACM TOMS 7.</summary>
/// <param name="Number">Its number in the paper.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Start">The standard start.</param>
/// <param name="Minima">The values of its minima, as published; 0 stands first where it is one.</param>
/// <param name="Residuals">r(x).</param>
internal sealed record TestProblem(int Number, string Name, double[] Start, double[] Minima, Func<Jet[], Jet[]> Residuals)
{
    public MinimizationProblem Create()
    {
        int n = Start.Length, m = Residuals(Jet.Variables(Start, 0)).Length;
        Jet[] last = [];
        double[] at = [];
        int known = -1;
        MinimizationProblem squares = MinimizationProblem.LeastSquares(n, m, Residual, Jacobian);
        return squares with { Hessian = Hessian };

        Jet[] At(ReadOnlySpan<double> x, int order)
        {
            if (order > known || !x.SequenceEqual(at))
                (last, at, known) = (Residuals(Jet.Variables(x, order)), x.ToArray(), order);
            return last;
        }

        void Residual(ReadOnlySpan<double> x, Span<double> r)
        {
            Jet[] jets = At(x, 0);
            for (int i = 0; i < r.Length; i++)
                r[i] = jets[i].Value;
        }

        void Jacobian(ReadOnlySpan<double> x, Span<double> rows)
        {
            Jet[] jets = At(x, 1);
            for (int i = 0; i < jets.Length; i++)
            {
                if (jets[i].Gradient.Length > 0)
                    jets[i].Gradient.CopyTo(rows[(i * n)..]);
                else
                    rows.Slice(i * n, n).Clear();
            }
        }

        // 2·Σ (∇r∇rᵀ + r∇²r).
        void Hessian(ReadOnlySpan<double> x, Span<double> hessian)
        {
            hessian.Clear();
            foreach (Jet r in At(x, 2))
            {
                if (r.Gradient.Length == 0)
                    continue;
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++)
                        hessian[i * n + j] += 2 * (r.Gradient[i] * r.Gradient[j] + r.Value * r.Hessian[i * n + j]);
                }
            }
        }
    }
}
