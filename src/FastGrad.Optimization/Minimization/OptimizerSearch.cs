using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Optimization.Minimization;

/// <summary>An optimizer of the training loop as a minimizer: an iteration is an update on the whole function, without noise.</summary>
/// <remarks>
/// It ends by its budget or by the gradient; of what it saw the best point is the result, and the weights that it would evaluate (averages) are
/// tried at the end, where the budget leaves an evaluation. Optimizers that need the loss, further gradients or products with the Hessian get them.
/// </remarks>
/// <param name="optimizer">The optimizer.</param>
/// <param name="options">Its options that differ from their defaults.</param>
/// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
public sealed class OptimizerSearch(OptimizerDefinition optimizer, OptionValues? options = null) : Minimizer
{
    private readonly OptimizerDefinition _optimizer = Checked(optimizer, options);

    /// <inheritdoc/>
    public override string Name => _optimizer.Name;

    /// <inheritdoc/>
    public override string Source => _optimizer.Source;

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient | ((_optimizer.Needs & OptimizerNeeds.HessianVector) != 0 ? MinimizerNeeds.HessianVector : 0);

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] gradient = new double[x.Length], scratch = run.FormsHessian ? new double[x.Length * x.Length] : [];
        Optimizer<double> updates = _optimizer.Create<double>([new ArrayParameter<double>("x", x, gradient)], options);
        double f = run.Gradient(x, gradient);
        Objective<double> objective = new()
        {
            Loss = () => f,
            Reevaluate = () => run.Gradient(x, gradient),
            HessianVector = run.HasHessianVector ? (v, product) => run.HessianVector(x, v(0), product(0), scratch) : null,
        };
        while (true)
        {
            // A step of no length is no end: a rate may begin at 0.
            if (run.Next(x, f, gradient) is { } reason && reason != ExitReason.Precision)
            {
                using (updates.EvaluationWeights())
                    run.Value(x);
                return reason;
            }
            updates.Step(objective);
            f = run.Gradient(x, gradient);
        }
    }

    // Options are judged when they are given, not when the search begins.
    private static OptimizerDefinition Checked(OptimizerDefinition optimizer, OptionValues? options)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.Create<double>([new ArrayParameter<double>("x", [0.0])], options);
        return optimizer;
    }
}
