using FastGrad.Autograd;

namespace FastGrad.Initialization;

/// <summary>How many inputs an output of a weight sums over, and how many outputs an input reaches.</summary>
/// <param name="In">fan_in: the second axis' length times those of all further axes.</param>
/// <param name="Out">fan_out: the first axis' length times those of all axes from the third on.</param>
public readonly record struct Fan(int In, int Out)
{
    /// <summary>The fans of a weight of shape [out, in, …], where further axes are a convolution's window. PyTorch counts the same way.</summary>
    /// <exception cref="ArgumentException">The shape has fewer than two axes, or no elements.</exception>
    public static Fan Of(Shape shape)
    {
        if (shape.Rank < 2 || shape.Length == 0)
            throw new ArgumentException($"Shape {shape} has no fans; expected a weight of shape [out, in, …] with at least one element.", nameof(shape));
        return new(shape.Length / shape[0], shape.Length / shape[1]);
    }
}

/// <summary>By which fan a variance is divided.</summary>
public enum FanMode
{
    /// <summary>fan_in: keeps the variance of values on the way forward.</summary>
    In,

    /// <summary>fan_out: keeps the variance of gradients on the way back.</summary>
    Out,

    /// <summary>(fan_in + fan_out)/2: a compromise between both.</summary>
    Average,
}
