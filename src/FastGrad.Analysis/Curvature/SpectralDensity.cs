using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Curvature;

/// <summary>How a Hessian's eigenvalues are spread, by stochastic Lanczos quadrature.</summary>
/// <remarks>
/// For a random sign vector z the Ritz values of m steps, weighted with their eigenvectors' squared first elements, are the Gauss quadrature of
/// zᵀδ(λ − H)z (Golub and Welsch 1969); their mean over z is the density (Ghorbani, Krishnan, Xiao 2019).
/// </remarks>
public sealed class SpectralDensity
{
    private SpectralDensity(double[] nodes, double[] weights) => (Nodes, Weights) = (nodes, weights);

    /// <summary>Places on the axis of eigenvalues, ascending.</summary>
    public IReadOnlyList<double> Nodes { get; }

    /// <summary>The share of eigenvalues at each place; the sum is 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Estimates the density.</summary>
    /// <param name="objective">The function at its point.</param>
    /// <param name="steps">Lanczos steps a probe: moments up to 2·steps − 1 are those of the probe.</param>
    /// <param name="probes">Random vectors.</param>
    /// <param name="seed">Their seed.</param>
    /// <exception cref="ArithmeticException">The Hessian holds NaN or ∞ at the point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static SpectralDensity Of(Objective objective, int steps = 40, int probes = 8, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        List<(double Node, double Weight)> found = [];
        for (int p = 0; p < probes; p++)
        {
            Krylov krylov = new(objective, new PhiloxStream(seed, 0));
            krylov.Start(HessianTrace.Signs(objective.Count, seed, p));
            while (krylov.Steps < steps && krylov.Step() && krylov.Last > 0)
            {
            }
            if (krylov.Steps == 0)
                throw new ArithmeticException($"The Hessian is not finite at the point, at f = {objective.Value()}; expected a twice differentiable function there.");
            (double[] values, double[] vectors) = krylov.Ritz();
            found.AddRange(values.Select((value, i) => (value, vectors[i] * vectors[i] / probes)));
        }
        found.Sort();
        return new([.. found.Select(f => f.Node)], [.. found.Select(f => f.Weight)]);
    }

    /// <summary>∫ λᵏ of the density: tr Hᵏ/n.</summary>
    /// <param name="order">k, at least 0.</param>
    public double Moment(int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        double sum = 0;
        for (int i = 0; i < Nodes.Count; i++)
        {
            double power = Weights[i];
            for (int k = 0; k < order; k++)
                power *= Nodes[i];
            sum += power;
        }
        return sum;
    }

    /// <summary>The density at an eigenvalue, each place widened to a Gaussian.</summary>
    /// <param name="eigenvalue">λ.</param>
    /// <param name="width">The Gaussian's standard deviation, positive.</param>
    public double At(double eigenvalue, double width)
    {
        if (!(width > 0))
            throw new ArgumentOutOfRangeException(nameof(width), width, $"width is {width}; expected a positive number.");
        const double InverseRootOfTwoPi = 0.3989422804014327; // 1/√(2π)
        double sum = 0;
        for (int i = 0; i < Nodes.Count; i++)
        {
            double z = (eigenvalue - Nodes[i]) / width;
            sum += Weights[i] * Exp<double>.At(-0.5 * z * z);
        }
        return sum * InverseRootOfTwoPi / width;
    }
}
