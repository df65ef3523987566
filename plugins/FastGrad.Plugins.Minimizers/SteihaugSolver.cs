using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>An approximate minimizer of g·p + ½p·Hp over ‖p‖ ≤ Δ, by conjugate gradients that stop at the boundary or at negative curvature.</summary>
/// <remarks>Steihaug 1983, "The conjugate gradient method and trust regions in large scale optimization". Without a boundary, negative curvature gives the way so far, or −g.</remarks>
internal sealed class SteihaugSolver(MinimizationRun run)
{
    private readonly double[] _scratch = run.FormsHessian ? new double[run.Dimension * run.Dimension] : [];
    private readonly double[] _residual = new double[run.Dimension];
    private readonly double[] _direction = new double[run.Dimension];
    private readonly double[] _product = new double[run.Dimension];

    /// <summary>Writes p.</summary>
    /// <returns>The fall of the quadratic model, 0 or more.</returns>
    public double Solve(ReadOnlySpan<double> x, ReadOnlySpan<double> g, double radius, Span<double> p)
    {
        p.Clear();
        g.CopyTo(_residual);
        Vectors.Scale(-1, g, _direction);
        double square = Vectors.Dot(_residual, _residual), norm = Math.Sqrt(square), goal = Math.Min(0.5, Math.Sqrt(norm)) * norm, fall = 0;
        for (int k = 0; k < 2 * g.Length + 10 && Math.Sqrt(square) > goal && !run.IsSpent; k++)
        {
            run.HessianVector(x, _direction, _product, _scratch);
            double curvature = Vectors.Dot(_direction, _product), slope = -square;
            double alpha = square / curvature;
            bool negative = !(curvature > 0);
            if (negative && double.IsInfinity(radius))
            {
                if (k == 0)
                    _direction.CopyTo(p);
                return fall;
            }
            double edge = double.IsInfinity(radius) ? double.PositiveInfinity : ToBoundary(p, radius);
            if (negative || alpha >= edge)
            {
                Vectors.AddScaled(p, edge, _direction, p);
                return fall - edge * slope - edge * edge * curvature / 2;
            }
            Vectors.AddScaled(p, alpha, _direction, p);
            Vectors.AddScaled(_residual, alpha, _product, _residual);
            fall += alpha * square - alpha * alpha * curvature / 2;
            double next = Vectors.Dot(_residual, _residual), beta = next / square;
            for (int i = 0; i < _direction.Length; i++)
                _direction[i] = -_residual[i] + beta * _direction[i];
            square = next;
        }
        return fall;
    }

    // The τ ≥ 0 with ‖p + τd‖ = Δ.
    private double ToBoundary(ReadOnlySpan<double> p, double radius)
    {
        double a = Vectors.Dot(_direction, _direction), b = Vectors.Dot(p, _direction), c = Vectors.Dot(p, p) - radius * radius;
        double root = Math.Sqrt(Math.Max(0, b * b - a * c));
        return b > 0 ? -c / (b + root) : (root - b) / a;
    }
}
