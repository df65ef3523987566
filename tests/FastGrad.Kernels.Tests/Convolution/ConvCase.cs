using System.Numerics;
using FastGrad.Kernels.Convolution;

namespace FastGrad.Kernels.Tests.Convolution;

/// <summary>Operands of one convolution, and its results in double by an independent spelling: scattering, not gathering.</summary>
internal sealed class ConvCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly ConvolutionShape Shape;
    public readonly T[] X, W, Y, Bias, InputBias;

    public ConvCase(ConvolutionShape shape, int seed = 1)
    {
        Shape = shape;
        var random = new Random(seed);
        X = Values(shape.InputLength);
        W = Values(shape.WeightLength);
        Y = Values(shape.OutputLength);
        Bias = Values(shape.OutputChannels);
        InputBias = Values(shape.InputChannels);

        T[] Values(long count) => [.. Enumerable.Range(0, (int)count).Select(_ => T.CreateTruncating(random.NextDouble() * 2 - 1))];
    }

    /// <summary>y, dx and dw, without bias, each from 0, and the sum of the terms' magnitudes in each element.</summary>
    public (double[] Y, double[] Dx, double[] Dw, double[] YSize, double[] DxSize, double[] DwSize) Expected()
    {
        double[] y = new double[Y.Length], dx = new double[X.Length], dw = new double[W.Length];
        double[] ySize = new double[Y.Length], dxSize = new double[X.Length], dwSize = new double[W.Length];
        int outputs = Shape.OutputChannels / Shape.Groups, inputs = Shape.InputChannels / Shape.Groups;
        (ConvolutionAxis r, ConvolutionAxis c) = (Shape.Rows, Shape.Columns);
        int p = Outputs(r), q = Outputs(c);
        for (int n = 0; n < Shape.Batch; n++)
            for (int g = 0; g < Shape.Groups; g++)
                for (int input = 0; input < inputs; input++)
                    for (int output = 0; output < outputs; output++)
                        for (int i = 0; i < r.Kernel; i++)
                            for (int j = 0; j < c.Kernel; j++)
                                for (int h = 0; h < r.Input; h++)
                                    for (int v = 0; v < c.Input; v++)
                                    {
                                        int top = h + r.Padding - i * r.Dilation, left = v + c.Padding - j * c.Dilation;
                                        if (top < 0 || left < 0 || top % r.Stride != 0 || left % c.Stride != 0 || top / r.Stride >= p || left / c.Stride >= q)
                                            continue;
                                        int at = ((n * Shape.InputChannels + g * inputs + input) * r.Input + h) * c.Input + v;
                                        int to = ((n * Shape.OutputChannels + g * outputs + output) * p + top / r.Stride) * q + left / c.Stride;
                                        int weight = (((g * outputs + output) * inputs + input) * r.Kernel + i) * c.Kernel + j;
                                        double x = double.CreateTruncating(X[at]), w = double.CreateTruncating(W[weight]), d = double.CreateTruncating(Y[to]);
                                        Add(y, ySize, to, x * w);
                                        Add(dx, dxSize, at, d * w);
                                        Add(dw, dwSize, weight, d * x);
                                    }
        return (y, dx, dw, ySize, dxSize, dwSize);

        static void Add(double[] sums, double[] sizes, int at, double term)
        {
            sums[at] += term;
            sizes[at] += Math.Abs(term);
        }
    }

    /// <summary>Positions where the whole kernel fits, counted one by one.</summary>
    public static int Outputs(ConvolutionAxis axis)
    {
        int count = 0;
        for (int start = -axis.Padding; start + (axis.Kernel - 1) * axis.Dilation < axis.Input + axis.Padding; start += axis.Stride)
            count++;
        return count;
    }
}
