using FastGrad.Analysis.Intervals;
using FastGrad.Autograd;
using FastGrad.Losses;

namespace FastGrad.Analysis.Certificates;

/// <summary>Verified bounds of the curvature of a convex loss of a linear model: μ/2·‖d‖² ≤ f(w + d) − f(w) − ∇f(w)·d ≤ L/2·‖d‖².</summary>
/// <remarks>
/// For predictions Xw the Hessian is Xᵀ·diag(ℓ″)·X, so that L is a term's smoothness times the greatest eigenvalue of XᵀX, and μ a term's
/// strong convexity times the least. The eigenvalues are bounded in outward-rounded intervals, not estimated. Boyd and Vandenberghe,
/// <i>Convex Optimization</i>, 9.1.2.
/// </remarks>
/// <param name="Smoothness">L: the gradient's Lipschitz constant is at most this.</param>
/// <param name="StrongConvexity">μ: the least curvature is at least this; 0 where nothing better is proven.</param>
public sealed record SmoothnessBounds(double Smoothness, double StrongConvexity)
{
    /// <summary>1/L, rounded down: gradient descent with this step lowers f by ‖∇f‖²/(2L) at least, up to the rounding of f itself.</summary>
    public double LargestStep => (1 / Interval.Point(Smoothness)).Low;

    /// <summary>L/μ; infinite where no strong convexity is proven. Gradient descent gains a digit in about 1.15 times as many steps.</summary>
    public double ConditionNumber => Smoothness / StrongConvexity;

    /// <summary>The bounds of a loss of a linear model with its weights, and a bias, as variables.</summary>
    /// <param name="features">X of shape [rows, columns].</param>
    /// <param name="loss">The loss; its mean or sum is over the rows, or over rows and outputs for losses of each element.</param>
    /// <param name="hasBias">Whether the model has a bias: a column of ones.</param>
    /// <param name="outputs">The outputs of the model.</param>
    /// <param name="ridge">α of a term α·‖w‖² that is added, over all variables.</param>
    /// <exception cref="ArgumentException">The features are no matrix, or not finite, or the loss is not convex and smooth, or its mean counts terms differently.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no outputs, or α is negative.</exception>
    public static SmoothnessBounds OfLinearModel(Tensor<double> features, Loss<double> loss, bool hasBias = true, int outputs = 1, double ridge = 0)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ridge);
        if (features.Rank != 2 || features.Length == 0)
            throw new ArgumentException($"Features of shape {features.Shape}; expected a matrix [rows, columns].", nameof(features));
        Losses.Curvature curvature = loss.Curvature;
        if (!curvature.IsConvex || !double.IsFinite(curvature.Smoothness))
            throw new ArgumentException($"The loss '{loss.Name}' is not convex and smooth: it declares {curvature}.", nameof(loss));
        double[] x = features.ToArray();
        if (!Array.TrueForAll(x, double.IsFinite))
            throw new ArgumentException("Features that are not finite; expected numbers.", nameof(features));
        int rows = features.Shape[0], columns = features.Shape[1];
        Interval eigenvalues = hasBias ? GramSpectrum.Of(WithOnes(x, rows, columns), rows, columns + 1) : GramSpectrum.Of(x, rows, columns);
        if (loss.Reduction == Reduction.Mean && curvature.CountsDiffer)
            throw new ArgumentException($"The mean of the loss '{loss.Name}' is over what class weights and ignored labels leave, which the features do not tell; expected Reduction.Sum.", nameof(loss));
        // Where classes are compared a row of outputs has one term; other losses have a term for each output.
        double terms = loss.Reduction == Reduction.Mean ? curvature.IsOfRows ? rows : (double)rows * outputs : 1;
        Interval scale = 1 / Interval.Point(terms), added = 2 * Interval.Point(ridge);
        return new((curvature.Smoothness * (eigenvalues.High * scale) + added).High, (curvature.StrongConvexity * (eigenvalues.Low * scale) + added).Low);
    }

    private static double[] WithOnes(double[] x, int rows, int columns)
    {
        double[] wider = new double[rows * (columns + 1)];
        for (int r = 0; r < rows; r++)
        {
            x.AsSpan(r * columns, columns).CopyTo(wider.AsSpan(r * (columns + 1)));
            wider[r * (columns + 1) + columns] = 1;
        }
        return wider;
    }
}
