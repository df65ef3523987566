namespace FastGrad.Workloads.Kernels;

/// <summary>What an output is checked by.</summary>
public static class Checks
{
    /// <summary>The sum of the elements, in double and in order.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
    }
}
