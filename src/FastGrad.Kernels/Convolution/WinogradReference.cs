using System.Numerics;

namespace FastGrad.Kernels.Convolution;

/// <summary>Winograd's correlation tile by tile: the definition of the bits where <see cref="ConvolutionShape.IsWinograd"/>.</summary>
internal static unsafe class WinogradReference
{
    public static void Forward<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, bool accumulate, ReadOnlySpan<T> bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Correlate(
            shape.Batch, shape.InputChannels, shape.OutputChannels, shape.Rows.Input, shape.Columns.Input, shape.Rows.Output, shape.Columns.Output,
            shape.Rows.Padding, shape.Columns.Padding, x, w, 9 * shape.InputChannels, 9, turned: false, y, accumulate, bias);

    public static void InputGradient<T>(in ConvolutionShape shape, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx, bool accumulate, ReadOnlySpan<T> bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Correlate(
            shape.Batch, shape.OutputChannels, shape.InputChannels, shape.Rows.Output, shape.Columns.Output, shape.Rows.Input, shape.Columns.Input,
            2 - shape.Rows.Padding, 2 - shape.Columns.Padding, dy, w, 9, 9 * shape.InputChannels, turned: true, dx, accumulate, bias);

    public static void WeightGradient<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        int plane = rows.Input * columns.Input, outputs = rows.Output * columns.Output;
        T* d = stackalloc T[16], v = stackalloc T[16], e = stackalloc T[16], g = stackalloc T[9], sums = stackalloc T[16];
        for (int o = 0; o < shape.OutputChannels; o++)
            for (int c = 0; c < shape.InputChannels; c++)
            {
                new Span<T>(sums, 16).Clear();
                for (int n = 0; n < shape.Batch; n++)
                    for (int p = 0; p < rows.Output; p += 2)
                        for (int q = 0; q < columns.Output; q += 2)
                        {
                            Read(x.Slice((n * shape.InputChannels + c) * plane, plane), rows.Input, columns.Input, p - rows.Padding, q - columns.Padding, d);
                            Inputs(d, v);
                            Read(dy.Slice((n * shape.OutputChannels + o) * outputs, outputs), rows.Output, columns.Output, p, q, d);
                            OutputGradients(d, e);
                            for (int k = 0; k < 16; k++)
                                sums[k] = T.FusedMultiplyAdd(v[k], e[k], sums[k]);
                        }
                WinogradWeights.Gradient(sums, g);
                for (int k = 0; k < 9; k++)
                {
                    ref T to = ref dw[(o * shape.InputChannels + c) * 9 + k];
                    to = accumulate ? to + g[k] : g[k];
                }
            }
    }

    private static void Correlate<T>(
        int batch, int channels, int m, int inputRows, int inputColumns, int rows, int columns, int top, int left,
        ReadOnlySpan<T> x, ReadOnlySpan<T> w, int line, int step, bool turned, Span<T> y, bool accumulate, ReadOnlySpan<T> bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* g = stackalloc T[9], u = stackalloc T[16], d = stackalloc T[16], v = stackalloc T[16], sums = stackalloc T[16], result = stackalloc T[4];
        for (int n = 0; n < batch; n++)
            for (int o = 0; o < m; o++)
                for (int p = 0; p < rows; p += 2)
                    for (int q = 0; q < columns; q += 2)
                    {
                        new Span<T>(sums, 16).Clear();
                        for (int c = 0; c < channels; c++)
                        {
                            for (int k = 0; k < 9; k++)
                                g[k] = w[o * line + c * step + (turned ? 8 - k : k)];
                            WinogradWeights.Transform(g, u);
                            Read(x.Slice((n * channels + c) * inputRows * inputColumns, inputRows * inputColumns), inputRows, inputColumns, p - top, q - left, d);
                            Inputs(d, v);
                            for (int k = 0; k < 16; k++)
                                sums[k] = T.FusedMultiplyAdd(u[k], v[k], sums[k]);
                        }
                        Outputs(sums, result);
                        for (int i = 0; i < 4; i++)
                        {
                            (int r, int s) = (p + i / 2, q + i % 2);
                            if (r >= rows || s >= columns)
                                continue;
                            T value = bias.IsEmpty ? result[i] : result[i] + bias[o];
                            ref T to = ref y[((n * m + o) * rows + r) * columns + s];
                            to = accumulate ? to + value : value;
                        }
                    }
    }

    /// <summary>A tile of 4 × 4, with zeros outside.</summary>
    private static void Read<T>(ReadOnlySpan<T> channel, int rows, int columns, int top, int left, T* d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                d[4 * i + j] = (uint)(top + i) < (uint)rows && (uint)(left + j) < (uint)columns ? channel[(top + i) * columns + left + j] : T.Zero;
    }

    /// <summary>v = Bᵀ·d·B, columns first.</summary>
    private static void Inputs<T>(T* d, T* v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* t = stackalloc T[16];
        for (int i = 0; i < 4; i++)
            Apply(d + 4 * i, 1, t + 4 * i);
        for (int j = 0; j < 4; j++)
            Apply(t + j, 4, v + j);

        static void Apply(T* from, int step, T* to)
        {
            T d0 = from[0], d1 = from[step], d2 = from[2 * step], d3 = from[3 * step];
            (to[0], to[step], to[2 * step], to[3 * step]) = (d0 - d2, d1 + d2, d2 - d1, d1 - d3);
        }
    }

    /// <summary>e = A·d·Aᵀ of the first 2 × 2 elements of d, rows first.</summary>
    private static void OutputGradients<T>(T* d, T* e)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* t = stackalloc T[8];
        for (int j = 0; j < 2; j++)
            (t[j], t[2 + j], t[4 + j], t[6 + j]) = (d[j], d[j] + d[4 + j], d[j] - d[4 + j], -d[4 + j]);
        for (int i = 0; i < 4; i++)
            (e[4 * i], e[4 * i + 1], e[4 * i + 2], e[4 * i + 3]) = (t[2 * i], t[2 * i] + t[2 * i + 1], t[2 * i] - t[2 * i + 1], -t[2 * i + 1]);
    }

    /// <summary>y = Aᵀ·m·A, rows first.</summary>
    private static void Outputs<T>(T* m, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* t = stackalloc T[8];
        for (int j = 0; j < 4; j++)
            (t[j], t[4 + j]) = (m[j] + m[4 + j] + m[8 + j], m[4 + j] - m[8 + j] - m[12 + j]);
        for (int i = 0; i < 2; i++)
            (y[2 * i], y[2 * i + 1]) = (t[4 * i] + t[4 * i + 1] + t[4 * i + 2], t[4 * i + 1] - t[4 * i + 2] - t[4 * i + 3]);
    }
}
