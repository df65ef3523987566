namespace FastGrad.Kernels.Tests.Elementwise;

/// <summary>Deterministic inputs: values that cross zero, without ties unless asked for.</summary>
internal static class Samples
{
    public static double[] Doubles(int count, ulong seed, double low = -3, double high = 3)
    {
        var values = new double[count];
        ulong state = seed * 0x9E3779B97F4A7C15ul + 1;
        for (int i = 0; i < count; i++)
        {
            state = state * 6364136223846793005ul + 1442695040888963407ul;
            values[i] = low + (high - low) * ((state >> 11) * (1.0 / (1ul << 53)));
        }
        return values;
    }

    public static float[] Floats(int count, ulong seed, double low = -3, double high = 3) =>
        Array.ConvertAll(Doubles(count, seed, low, high), v => (float)v);

    /// <summary>The bits of each element: equality that tells −0 from 0 and one NaN from another.</summary>
    public static int[] Bits(ReadOnlySpan<float> x) => System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(x).ToArray();
}
