namespace FastGrad.Optimization.Minimization;

/// <summary>What a minimizer asks of a problem.</summary>
[Flags]
public enum MinimizerNeeds
{
    /// <summary>Values alone.</summary>
    None = 0,

    /// <summary>The gradient.</summary>
    Gradient = 1,

    /// <summary>Products with the Hessian, or the Hessian itself.</summary>
    HessianVector = 2,

    /// <summary>The Hessian.</summary>
    Hessian = 4,

    /// <summary>Residuals and their Jacobian.</summary>
    Residuals = 8,
}

/// <summary>A way to a minimum: stateless, so that one object serves any number of searches.</summary>
public abstract class Minimizer
{
    /// <summary>The name, in lower case with dashes.</summary>
    public abstract string Name { get; }

    /// <summary>The paper or book that it is from.</summary>
    public abstract string Source { get; }

    /// <summary>What the problem must offer.</summary>
    public abstract MinimizerNeeds Needs { get; }

    /// <summary>Whether it keeps to bounds.</summary>
    public virtual bool HonoursBounds => false;

    /// <summary>Whether it takes a regularizer.</summary>
    public virtual bool HonoursRegularizer => false;

    /// <summary>Searches from a point.</summary>
    /// <param name="problem">What to make small.</param>
    /// <param name="start">The first point; it is not changed.</param>
    /// <param name="options">When to stop; null for the default.</param>
    /// <returns>The best point seen, and why the search ended.</returns>
    /// <remarks>
    /// An exception of the function's own, or of the callback, passes through unchanged, but for an <see cref="OperationCanceledException"/> once the caller has
    /// cancelled: that ends the search like any other cancellation.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The start has not the problem's dimension or is not finite, or the problem lacks what is needed, has what is not honoured, or has bounds that leave nothing.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A budget or a tolerance of the options is negative, or not a number.</exception>
    public MinimizationResult Minimize(MinimizationProblem problem, ReadOnlySpan<double> start, MinimizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (start.Length != problem.Dimension)
            throw new ArgumentException($"The start has {start.Length} numbers; expected {problem.Dimension}, the problem's dimension.", nameof(start));
        for (int i = 0; i < start.Length; i++)
        {
            if (!double.IsFinite(start[i]))
                throw new ArgumentException($"The start has {start[i]} at {i}; expected finite numbers.", nameof(start));
        }
        options ??= MinimizationOptions.Default;
        options.Require();
        Require(problem);
        double[] x = start.ToArray();
        MinimizationRun run = new(problem, options, x);
        try
        {
            return run.End(Search(run, x), Name);
        }
        catch (OperationCanceledException) when (options.Cancellation.IsCancellationRequested)
        {
            return run.End(ExitReason.Cancelled, Name);
        }
    }

    /// <summary>Searches.</summary>
    /// <param name="run">The evaluations, with their budget.</param>
    /// <param name="x">The start, within the bounds; to be changed at will.</param>
    protected abstract ExitReason Search(MinimizationRun run, double[] x);

    private void Require(MinimizationProblem problem)
    {
        string? missing =
            (Needs & MinimizerNeeds.Residuals) != 0 && problem.Residual is null ? "residuals and their Jacobian; expected MinimizationProblem.LeastSquares" :
            (Needs & MinimizerNeeds.Gradient) != 0 && problem.Gradient is null ? "the gradient" :
            (Needs & MinimizerNeeds.Hessian) != 0 && problem.Hessian is null ? "the Hessian" :
            (Needs & MinimizerNeeds.HessianVector) != 0 && problem.Hessian is null && problem.HessianVector is null ? "products with the Hessian" : null;
        if (missing is not null)
            throw new ArgumentException($"The minimizer '{Name}' needs {missing}; the problem has none.", nameof(problem));
        if (problem.IsBounded && !HonoursBounds)
            throw new ArgumentException($"The minimizer '{Name}' does not keep to bounds; expected a problem without, or a minimizer such as 'l-bfgs-b'.", nameof(problem));
        if (problem.Regularizer is not null && !HonoursRegularizer)
            throw new ArgumentException($"The minimizer '{Name}' takes no regularizer; expected a problem without, or a minimizer such as 'fista'.", nameof(problem));
        foreach ((ReadOnlyMemory<double> bounds, string name) in (ReadOnlySpan<(ReadOnlyMemory<double>, string)>)[(problem.Lower, nameof(problem.Lower)), (problem.Upper, nameof(problem.Upper))])
        {
            if (!bounds.IsEmpty && bounds.Length != problem.Dimension)
                throw new ArgumentException($"{name} has {bounds.Length} numbers; expected {problem.Dimension}, or none.", nameof(problem));
        }
        for (int i = 0; i < problem.Dimension && problem.IsBounded; i++)
        {
            double low = problem.Lower.IsEmpty ? double.NegativeInfinity : problem.Lower.Span[i], high = problem.Upper.IsEmpty ? double.PositiveInfinity : problem.Upper.Span[i];
            if (!(low <= high && low < double.PositiveInfinity && high > double.NegativeInfinity))
                throw new ArgumentException($"The bounds of variable {i} are {low} and {high}; expected a lower one at most the upper one, and a number between them.", nameof(problem));
        }
    }
}
