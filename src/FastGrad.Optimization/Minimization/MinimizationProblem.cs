namespace FastGrad.Optimization.Minimization;

/// <summary>A function of n numbers to be made small, with the derivatives that are known.</summary>
/// <remarks>
/// A problem of least squares is f(x) = Σ rᵢ(x)², without a factor ½; its value and gradient come from residuals and Jacobian. Bounds and a
/// regularizer are honoured by the minimizers that say so; others refuse them.
/// </remarks>
public sealed record MinimizationProblem
{
    private MinimizationProblem(int dimension, ValueFunction value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentNullException.ThrowIfNull(value);
        (Dimension, Value) = (dimension, value);
    }

    /// <summary>The number n of variables.</summary>
    public int Dimension { get; }

    /// <summary>f.</summary>
    public ValueFunction Value { get; }

    /// <summary>∇f, if known.</summary>
    public GradientFunction? Gradient { get; private init; }

    /// <summary>∇²f, if known.</summary>
    public HessianFunction? Hessian { get; init; }

    /// <summary>∇²f·v, if known; else it is made of <see cref="Hessian"/>.</summary>
    public HessianProduct? HessianVector { get; init; }

    /// <summary>The number m of residuals; 0 where f is no sum of squares.</summary>
    public int ResidualCount { get; private init; }

    /// <summary>r, if f is a sum of squares.</summary>
    public ResidualFunction? Residual { get; private init; }

    /// <summary>∂r/∂x, if f is a sum of squares.</summary>
    public JacobianFunction? Jacobian { get; private init; }

    /// <summary>The least value of each variable; empty for none.</summary>
    public ReadOnlyMemory<double> Lower { get; init; }

    /// <summary>The greatest value of each variable; empty for none.</summary>
    public ReadOnlyMemory<double> Upper { get; init; }

    /// <summary>A term beside f that need not be smooth: a norm, a set to stay in.</summary>
    public IProximal? Regularizer { get; init; }

    /// <summary>Whether some variable is bounded.</summary>
    public bool IsBounded => !Lower.IsEmpty || !Upper.IsEmpty;

    /// <summary>A function without derivatives.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no variables.</exception>
    public static MinimizationProblem Of(int dimension, ValueFunction value) => new(dimension, value);

    /// <summary>A function with its gradient.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no variables.</exception>
    public static MinimizationProblem Of(int dimension, ValueFunction value, GradientFunction gradient) => new(dimension, value)
    {
        Gradient = gradient ?? throw new ArgumentNullException(nameof(gradient)),
    };

    /// <summary>f(x) = Σ rᵢ(x)².</summary>
    /// <remarks>The problem has memory for residuals and Jacobian, which its value and gradient share: one search at a time.</remarks>
    /// <param name="dimension">The number n of variables.</param>
    /// <param name="residualCount">The number m of residuals.</param>
    /// <param name="residual">r.</param>
    /// <param name="jacobian">∂r/∂x.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no variables, or no residuals.</exception>
    public static MinimizationProblem LeastSquares(int dimension, int residualCount, ResidualFunction residual, JacobianFunction jacobian)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(residualCount, 1);
        ArgumentNullException.ThrowIfNull(residual);
        ArgumentNullException.ThrowIfNull(jacobian);
        double[] r = new double[residualCount], rows = new double[residualCount * dimension];
        return new(dimension, Value)
        {
            Gradient = Gradient,
            ResidualCount = residualCount,
            Residual = residual,
            Jacobian = jacobian,
        };

        double Value(ReadOnlySpan<double> x)
        {
            residual(x, r);
            double sum = 0;
            foreach (double value in r)
                sum += value * value;
            return sum;
        }

        // 2·Jᵀr.
        double Gradient(ReadOnlySpan<double> x, Span<double> gradient)
        {
            double value = Value(x);
            jacobian(x, rows);
            gradient.Clear();
            for (int i = 0; i < r.Length; i++)
            {
                for (int j = 0; j < gradient.Length; j++)
                    gradient[j] += 2 * r[i] * rows[i * gradient.Length + j];
            }
            return value;
        }
    }
}
