namespace FastGrad.Kernels.Elementwise;

/// <summary>Marks operators without derivatives, such as comparisons: their results are constants to automatic differentiation.</summary>
public interface INonDifferentiable;
