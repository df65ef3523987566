using System.Numerics;

namespace FastGrad.Kernels.Convolution;

/// <summary>The convolution and its gradients as plain loops: the definition that <see cref="Conv"/> equals bit for bit.</summary>
public static class ConvReference
{
    /// <inheritdoc cref="Conv.Forward"/>
    public static void Forward<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, bool accumulate = false, ReadOnlySpan<T> bias = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionCheck.Operands(shape, x, nameof(x), w, nameof(w), y, nameof(y));
        ConvolutionCheck.Bias(bias, shape.OutputChannels, y, nameof(y));
        if (shape.IsWinograd)
        {
            WinogradReference.Forward(shape, x, w, y, accumulate, bias);
            return;
        }
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        int index = 0;
        for (int n = 0; n < shape.Batch; n++)
            for (int o = 0; o < shape.OutputChannels; o++)
                for (int p = 0; p < rows.Output; p++)
                    for (int q = 0; q < columns.Output; q++, index++)
                    {
                        T sum = accumulate ? y[index] : T.Zero;
                        for (int c = 0; c < shape.GroupInputs; c++)
                            for (int i = 0; i < rows.Kernel; i++)
                                for (int j = 0; j < columns.Kernel; j++)
                                {
                                    T weight = w[((o * shape.GroupInputs + c) * rows.Kernel + i) * columns.Kernel + j];
                                    sum = T.FusedMultiplyAdd(weight, Padded(shape, x, n, o / shape.GroupOutputs * shape.GroupInputs + c, p, q, i, j), sum);
                                }
                        y[index] = bias.IsEmpty ? sum : sum + bias[o];
                    }
    }

    /// <inheritdoc cref="Conv.InputGradient"/>
    public static void InputGradient<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx, bool accumulate = false, ReadOnlySpan<T> bias = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionCheck.Operands(shape, dx, nameof(dx), w, nameof(w), dy, nameof(dy));
        ConvolutionCheck.Bias(bias, shape.InputChannels, dx, nameof(dx));
        if (shape.IsWinograd)
        {
            WinogradReference.InputGradient(shape, dy, w, dx, accumulate, bias);
            return;
        }
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        int index = 0;
        for (int n = 0; n < shape.Batch; n++)
            for (int c = 0; c < shape.InputChannels; c++)
                for (int h = 0; h < rows.Input; h++)
                    for (int v = 0; v < columns.Input; v++, index++)
                    {
                        T sum = accumulate ? dx[index] : T.Zero;
                        int first = c / shape.GroupInputs * shape.GroupOutputs;
                        for (int o = first; o < first + shape.GroupOutputs; o++)
                            for (int i = 0; i < rows.Kernel; i++)
                                for (int j = 0; j < columns.Kernel; j++)
                                {
                                    int p = h + rows.Padding - i * rows.Dilation, q = v + columns.Padding - j * columns.Dilation;
                                    if (p % rows.Stride != 0 || q % columns.Stride != 0)
                                        continue; // between two outputs
                                    (p, q) = (p / rows.Stride, q / columns.Stride);
                                    bool inside = (uint)p < (uint)rows.Output && (uint)q < (uint)columns.Output;
                                    T d = inside ? dy[((n * shape.OutputChannels + o) * rows.Output + p) * columns.Output + q] : T.Zero;
                                    T weight = w[((o * shape.GroupInputs + c % shape.GroupInputs) * rows.Kernel + i) * columns.Kernel + j];
                                    sum = T.FusedMultiplyAdd(weight, d, sum);
                                }
                        dx[index] = bias.IsEmpty ? sum : sum + bias[c];
                    }
    }

    /// <inheritdoc cref="Conv.WeightGradient"/>
    public static void WeightGradient<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionCheck.Operands(shape, x, nameof(x), dw, nameof(dw), dy, nameof(dy));
        if (shape.IsWinograd)
        {
            WinogradReference.WeightGradient(shape, x, dy, dw, accumulate);
            return;
        }
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        int lanes = shape.IsDepthwise ? 64 / System.Runtime.CompilerServices.Unsafe.SizeOf<T>() : 1;
        int padded = (columns.Output + lanes - 1) / lanes * lanes, index = 0;
        Span<T> sums = stackalloc T[lanes];
        for (int o = 0; o < shape.OutputChannels; o++)
            for (int c = 0; c < shape.GroupInputs; c++)
                for (int i = 0; i < rows.Kernel; i++)
                    for (int j = 0; j < columns.Kernel; j++, index++)
                    {
                        sums.Clear();
                        if (lanes == 1 && accumulate)
                            sums[0] = dw[index];
                        for (int n = 0; n < shape.Batch; n++)
                            for (int p = 0; p < rows.Output; p++)
                                for (int q = 0; q < padded; q++)
                                {
                                    bool inside = q < columns.Output;
                                    T d = inside ? dy[((n * shape.OutputChannels + o) * rows.Output + p) * columns.Output + q] : T.Zero;
                                    T value = inside ? Padded(shape, x, n, o / shape.GroupOutputs * shape.GroupInputs + c, p, q, i, j) : T.Zero;
                                    sums[q % lanes] = T.FusedMultiplyAdd(d, value, sums[q % lanes]);
                                }
                        for (int half = lanes / 2; half > 0; half /= 2)
                        {
                            for (int lane = 0; lane < half; lane++)
                                sums[lane] += sums[lane + half];
                        }
                        dw[index] = lanes > 1 && accumulate ? dw[index] + sums[0] : sums[0];
                    }
    }

    /// <summary>What output (p, q) reads at kernel position (i, j): an input, or the 0 of the padding.</summary>
    private static T Padded<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, int image, int channel, int p, int q, int i, int j)
        where T : unmanaged, INumberBase<T>
    {
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        int h = p * rows.Stride + i * rows.Dilation - rows.Padding, v = q * columns.Stride + j * columns.Dilation - columns.Padding;
        bool inside = (uint)h < (uint)rows.Input && (uint)v < (uint)columns.Input;
        return inside ? x[((image * shape.InputChannels + channel) * rows.Input + h) * columns.Input + v] : T.Zero;
    }
}
