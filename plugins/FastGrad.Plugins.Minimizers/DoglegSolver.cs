using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>The point of Powell's path at distance Δ: from 0 to the Cauchy point, and on to Newton's point.</summary>
/// <remarks>Powell 1970. An indefinite Hessian is made positive definite first; the model is then that of the changed Hessian.</remarks>
internal sealed class DoglegSolver(MinimizationRun run)
{
    private readonly double[] _hessian = new double[run.Dimension * run.Dimension];
    private readonly double[] _newton = new double[run.Dimension];
    private readonly ModifiedCholesky _cholesky = new(run.Dimension);

    /// <summary>Writes p.</summary>
    /// <returns>The fall of the quadratic model, by the true Hessian.</returns>
    public double Solve(ReadOnlySpan<double> x, ReadOnlySpan<double> g, double radius, Span<double> p)
    {
        run.Problem.Hessian!(x, _hessian);
        _cholesky.Factor(_hessian);
        Vectors.Scale(-1, g, _newton);
        _cholesky.Solve(_newton);
        double length = Vectors.Norm(_newton), square = Vectors.Dot(g, g), norm = Math.Sqrt(square), curvature = Curvature(g);
        if (length <= radius)
        {
            _newton.CopyTo(p);
        }
        else if (!(curvature > 0) || norm * square / curvature >= radius)
        {
            Vectors.Scale(-radius / norm, g, p);
        }
        else
        {
            Vectors.Scale(-square / curvature, g, p);
            // ‖c + τ(n − c)‖ = Δ.
            Vectors.AddScaled(_newton, -1, p, _newton);
            double a = Vectors.Dot(_newton, _newton), b = Vectors.Dot(p, _newton), c = Vectors.Dot(p, p) - radius * radius, root = Math.Sqrt(Math.Max(0, b * b - a * c));
            Vectors.AddScaled(p, b > 0 ? -c / (b + root) : (root - b) / a, _newton, p);
        }
        return -Vectors.Dot(g, p) - Curvature(p) / 2;
    }

    private double Curvature(ReadOnlySpan<double> v)
    {
        double sum = 0;
        for (int i = 0; i < v.Length; i++)
            sum += v[i] * Vectors.Dot(_hessian.AsSpan(i * v.Length, v.Length), v);
        return sum;
    }
}
