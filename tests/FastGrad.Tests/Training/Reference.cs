using FastGrad.Autograd;
using FastGrad.Modules;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Tests.Training;

/// <summary>Inputs and weights that other implementations can make as well: linear congruential, in float32.</summary>
internal static class Reference
{
    public static float[] Uniform(int n, uint seed, float low = -1, float high = 1)
    {
        uint s = unchecked(seed * 2654435761 + 12345);
        float[] values = new float[n];
        for (int i = 0; i < n; i++)
        {
            s = unchecked(s * 1664525 + 1013904223);
            values[i] = low + (high - low) * (s >> 8) / (1 << 24);
        }
        return values;
    }

    public static int[] Labels(int n, uint seed, uint classes)
    {
        uint s = unchecked(seed * 2654435761 + 777);
        int[] values = new int[n];
        for (int i = 0; i < n; i++)
        {
            s = unchecked(s * 1664525 + 1013904223);
            values[i] = (int)((s >> 8) % classes);
        }
        return values;
    }

    /// <summary>Weights Uniform(count, 101 + index)/√fan_in, biases 0.</summary>
    public static Module<float> Fill(Module<float> model)
    {
        model.Initialize(0);
        uint index = 0;
        foreach (NamedParameter<float> parameter in model.NamedParameters())
        {
            Span<float> values = parameter.Tensor.AsSpan();
            if (parameter.Info.Role == ParameterRole.Bias)
                values.Clear();
            else
            {
                float scale = (float)Math.Sqrt(values.Length / parameter.Info.Shape[0]);
                float[] uniform = Uniform(values.Length, 101 + index);
                for (int i = 0; i < values.Length; i++)
                    values[i] = uniform[i] / scale;
            }
            index++;
        }
        return model;
    }

    public static Tensor<float> Matrix(float[] values, int rows) => Tensor.From<float>(values, [rows, values.Length / rows]);
}
