using FastGrad.Analysis.Catalogue;
using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Checks;

/// <summary>Points, weights and directions for checks: the same numbers for the same seed, on every machine.</summary>
internal static class Samples
{
    /// <summary>Arguments drawn uniformly from their intervals, more than ten steps away from every kink and tie.</summary>
    /// <exception cref="InvalidOperationException">No such point was found.</exception>
    public static Tensor<double>[] Point(OperatorRow row, IReadOnlyList<Argument> arguments, ulong seed)
    {
        for (ulong attempt = 0; attempt < 10_000; attempt++)
        {
            Tensor<double>[] point = [.. arguments.Select((a, i) => Uniform(a.Shape, a.Low, a.High, seed, (attempt << 8) + (ulong)i))];
            if (row.KinkDistance is not { } distance)
                return point;
            double step = 0;
            for (int i = 0; i < point.Length; i++)
                step = Math.Max(step, DerivativeCheck.Steps(point[i], arguments[i].Scale).DefaultIfEmpty(0).Max());
            if (distance(point) > 10 * step)
                return point;
        }
        throw new InvalidOperationException($"No point of '{row.Name}' lies ten steps away from its kinks; expected wider intervals or fewer elements.");
    }

    /// <summary>Numbers of magnitude ½ to 3/2 and either sign: no component that could hide an error.</summary>
    public static Tensor<double> Weights(Shape shape, ulong seed, ulong stream)
    {
        Tensor<double> weights = Uniform(shape, -1, 1, seed, (1UL << 32) + stream);
        foreach (ref double w in weights.AsSpan())
            w += Math.CopySign(0.5, w);
        return weights;
    }

    public static Tensor<double> Uniform(Shape shape, double low, double high, ulong seed, ulong stream)
    {
        double[] values = new double[shape.Length];
        new PhiloxStream(seed, stream).FillUniform(values.AsSpan(), low, high);
        return Tensor.From<double>(values, shape);
    }

    /// <summary>Numbers whose magnitudes are log-uniform from <paramref name="smallest"/> up to the interval's ends.</summary>
    public static double[] LogUniform(int count, double low, double high, double smallest, ulong seed, ulong stream)
    {
        PhiloxStream random = new(seed, (2UL << 32) + stream);
        double[] values = new double[count];
        double share = low < 0 ? high > 0 ? 0.5 : 1 : 0;
        for (int i = 0; i < count; i++)
        {
            bool negative = random.UniformDouble((ulong)(2 * i)) < share;
            double end = negative ? -low : high, start = Math.Min(end, Math.Max(smallest, negative ? -high : low));
            double magnitude = Kernels.Functions.Pow<double>.At(end / start, random.UniformDouble((ulong)(2 * i) + 1)) * start;
            values[i] = Math.Clamp(negative ? -magnitude : magnitude, low, high);
        }
        return values;
    }
}
