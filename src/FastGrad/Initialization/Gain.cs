namespace FastGrad.Initialization;

/// <summary>Factors on a weight's standard deviation that make up for what a nonlinearity takes away. The values are PyTorch's <c>calculate_gain</c>.</summary>
public static class Gain
{
    /// <summary>1: no nonlinearity.</summary>
    public const double Linear = 1;

    /// <summary>1.</summary>
    public const double Sigmoid = 1;

    /// <summary>5/3.</summary>
    public const double Tanh = 5.0 / 3;

    /// <summary>√2: a ReLU passes half of a symmetric signal's power.</summary>
    public const double Relu = 1.4142135623730951;

    /// <summary>¾: PyTorch's value for SELU, found by trial.</summary>
    public const double Selu = 0.75;

    /// <summary>√(2/(1 + slope²)).</summary>
    public static double LeakyRelu(double slope = 0.01) => Math.Sqrt(2 / (1 + slope * slope));
}
