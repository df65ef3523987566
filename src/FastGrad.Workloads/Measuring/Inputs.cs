namespace FastGrad.Workloads.Measuring;

/// <summary>The inputs of workloads: a linear congruential sequence, so that every contender computes the same thing.</summary>
/// <remarks>No source of randomness for training: the library's is Philox.</remarks>
public static class Inputs
{
    private const uint Factor = 1664525, Increment = 1013904223, Spread = 2654435761;

    /// <summary>n floats in [low, high): element i is low + (high − low)·⌊sᵢ/2⁸⌋/2²⁴, with s₋₁ = seed·2654435761 + 12345.</summary>
    public static float[] Uniform(int n, uint seed, float low = -1, float high = 1)
    {
        var values = new float[n];
        uint s = seed * Spread + 12345;
        foreach (ref float value in values.AsSpan())
        {
            s = s * Factor + Increment;
            value = low + (high - low) * ((s >> 8) / 16777216f);
        }
        return values;
    }

    /// <summary>n labels in 0 … classes − 1: label i is ⌊sᵢ/2⁸⌋ mod classes, with s₋₁ = seed·2654435761 + 777.</summary>
    public static int[] Labels(int n, uint seed, int classes)
    {
        var labels = new int[n];
        uint s = seed * Spread + 777;
        foreach (ref int label in labels.AsSpan())
        {
            s = s * Factor + Increment;
            label = (int)((s >> 8) % (uint)classes);
        }
        return labels;
    }
}
