namespace FastGrad.Analysis.GradientFlow;

/// <summary>What passes one layer: a weight with the normalization and activation that follow it.</summary>
/// <param name="Position">The layer, counted from the input, from 1.</param>
/// <param name="Name">The path of the weight's module in the network, such as <c>4</c> or <c>encoder.0.linear1</c>.</param>
/// <param name="Activation">The root mean square of the layer's output.</param>
/// <param name="Gradient">The norm of the loss's gradient with respect to that output, over the batch.</param>
/// <param name="WeightNorm">‖W‖ of all the layer's parameters.</param>
/// <param name="WeightGradient">‖∂loss/∂W‖ of the same.</param>
/// <param name="Dead">The share of units whose slope is zero in every row: no gradient passes.</param>
/// <param name="Saturated">The share of outputs of a sigmoid or tanh whose slope is at most a tenth of the greatest; 0 for other activations.</param>
public sealed record LayerFlow(int Position, string Name, double Activation, double Gradient, double WeightNorm, double WeightGradient, double Dead, double Saturated)
{
    /// <summary>‖∂loss/∂W‖/‖W‖: times the rate, what share of itself a step of gradient descent moves the weight.</summary>
    public double Ratio => WeightGradient / WeightNorm;
}
