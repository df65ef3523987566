namespace FastGrad.Kernels.Convolution;

/// <summary>Checks of the operands' lengths.</summary>
internal static class ConvolutionCheck
{
    public static void Operands<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, string xName, ReadOnlySpan<T> w, string wName, ReadOnlySpan<T> y, string yName)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"Convolutions come in float and double, not {typeof(T).Name}.");
        shape.Check();
        Length(x, shape.InputLength, xName, shape);
        Length(w, shape.WeightLength, wName, shape);
        Length(y, shape.OutputLength, yName, shape);
        // One of the three is written; none may share memory with another then.
        Disjoint(x, xName, w, wName);
        Disjoint(x, xName, y, yName);
        Disjoint(w, wName, y, yName);
    }

    public static void Bias<T>(ReadOnlySpan<T> bias, int channels, ReadOnlySpan<T> result, string resultName)
    {
        if (!bias.IsEmpty && bias.Length != channels)
            throw new ArgumentException($"The bias has {bias.Length} elements; expected {channels}, one a channel of {resultName}, or none.", nameof(bias));
        Disjoint(bias, nameof(bias), result, resultName);
    }

    private static void Length<T>(ReadOnlySpan<T> values, long expected, string name, in ConvolutionShape shape)
    {
        if (values.Length != expected)
            throw new ArgumentException($"{name} has {values.Length} elements; expected {expected} for {shape}.", name);
    }

    private static void Disjoint<T>(ReadOnlySpan<T> a, string aName, ReadOnlySpan<T> b, string bName)
    {
        if (a.Overlaps(b))
            throw new ArgumentException($"{aName} overlaps {bName}; expected no memory in common.", aName);
    }
}
