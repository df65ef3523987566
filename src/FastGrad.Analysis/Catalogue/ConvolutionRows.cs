using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Convolutions, their transposes and weight gradients, and pooling.</summary>
internal static class ConvolutionRows
{
    // Rows and columns differ in everything, and strides leave inputs over that no window reaches.
    private static readonly ConvOptions s_uneven = new() { Stride = (2, 1), Padding = (1, 2), Dilation = (1, 2), Groups = 2 };
    private static readonly ConvOptions s_strided = new() { Stride = 2, Padding = 1 };
    private static readonly ConvOptions s_apart = new() { Stride = (2, 3), Padding = 1, OutputPadding = (1, 2) };
    private static readonly PoolWindows s_pairs = PoolWindows.Sliding(2, 2);
    private static readonly PoolWindows s_overlapping = PoolWindows.Sliding(2, (3, 2), (2, 1), 1);
    private static readonly PoolWindows s_ceiling = PoolWindows.Sliding(1, 3, 2, 1, ceiling: true);
    private static readonly PoolWindows s_dilated = PoolWindows.Sliding(1, 2, 2, 0, 2);
    private static readonly PoolWindows s_adaptive = PoolWindows.Adaptive(2, (2, 3));
    private static readonly Shape s_image = [1, 2, 5, 4];

    public static IEnumerable<OperatorRow> All => [.. Convolutions, .. Maxima, .. Means];

    private static IEnumerable<OperatorRow> Convolutions =>
    [
        Rows.Operation("conv", typeof(Conv<>), x => x[0].Conv(x[1], x[2]), x => x[0].Conv(x[1], x[2]), x => Conv(x, ConvOptions.Default), [[2, 2, 4, 3], [3, 2, 2, 3], [3]]),
        Rows.Operation("conv-uneven", typeof(Conv<>), x => x[0].Conv(x[1], null, s_uneven), x => x[0].Conv(x[1], null, s_uneven), x => Conv(x, s_uneven), [[1, 4, 5, 3], [2, 2, 2, 3]]),
        Rows.Operation("conv-1d", typeof(Conv<>), x => x[0].Conv(x[1], x[2], s_strided), x => x[0].Conv(x[1], x[2], s_strided), x => Conv(x, s_strided), [[2, 2, 6], [3, 2, 3], [3]]),
        Rows.Operation("conv-depthwise", typeof(Conv<>), x => x[0].Conv(x[1], x[2], new() { Groups = 2 }), x => x[0].Conv(x[1], x[2], new() { Groups = 2 }), x => Conv(x, new() { Groups = 2 }), [[2, 2, 4, 4], [2, 1, 3, 2], [2]]),
        Rows.Operation("conv-transposed", typeof(ConvTransposed<>), x => x[0].ConvTransposed(x[1], x[2]), x => x[0].ConvTransposed(x[1], x[2]), x => Transposed(x, ConvOptions.Default), [[2, 2, 3, 2], [2, 3, 2, 3], [3]]),
        Rows.Operation("conv-transposed-uneven", typeof(ConvTransposed<>), x => x[0].ConvTransposed(x[1], null, s_apart), x => x[0].ConvTransposed(x[1], null, s_apart), x => Transposed(x, s_apart), [[1, 2, 3, 2], [2, 2, 2, 2]]),
        Rows.Operation("conv-transposed-1d", typeof(ConvTransposed<>), x => x[0].ConvTransposed(x[1], null, s_strided), x => x[0].ConvTransposed(x[1], null, s_strided), x => Transposed(x, s_strided), [[2, 2, 4], [2, 3, 3]]),
        Rows.Operation("conv-weight-gradient", typeof(ConvWeightGradient<>), x => new ConvWeightGradient<double>(s_uneven, (2, 3)).Apply(x), x => new ConvWeightGradient<float>(s_uneven, (2, 3)).Apply(x), WeightGradient, [[1, 4, 5, 3], [1, 2, 3, 3]]),
    ];

    private static IEnumerable<OperatorRow> Maxima =>
    [
        Max("max-pool", s_pairs, [1, 2, 4, 5]),
        Max("max-pool-overlapping", s_overlapping, s_image),
        Max("max-pool-1d", s_ceiling, [2, 6]),
        Max("max-pool-dilated", s_dilated, [1, 7]),
        Max("max-pool-adaptive", s_adaptive, s_image),
        // Constant in x apart from jumps, linear in the second argument.
        Rows.Operation("max-pool-place", typeof(MaxPoolPlace<>), x => new MaxPoolPlace<double>(s_overlapping).Apply(x), x => new MaxPoolPlace<float>(s_overlapping).Apply(x), Place, [s_image, [1, 2, 3, 5]])
            with { KinkDistance = x => Gap(x[0], s_overlapping) },
        Rows.Operation("max-pool-pick", typeof(MaxPoolPick<>), x => new MaxPoolPick<double>(s_overlapping).Apply(x), x => new MaxPoolPick<float>(s_overlapping).Apply(x), x => [.. Windows(x[0].Shape, s_overlapping).Select(w => Element(x[1], First(x[0], w)))], [s_image, s_image])
            with { KinkDistance = x => Gap(x[0], s_overlapping) },
    ];

    private static IEnumerable<OperatorRow> Means =>
    [
        Mean("avg-pool", s_overlapping, true, s_image),
        Mean("avg-pool-inside", s_overlapping, false, s_image),
        Mean("avg-pool-1d", s_ceiling, true, [2, 6]),
        Mean("avg-pool-adaptive", s_adaptive, true, s_image),
        Rows.Operation("avg-pool-transposed", typeof(AvgPoolTransposed<>), x => new AvgPoolTransposed<double>(s_overlapping, true, s_image).Apply(x), x => new AvgPoolTransposed<float>(s_overlapping, true, s_image).Apply(x), Shares, [[1, 2, 3, 5]])
            .Claiming(Convexity.Affine),
    ];

    private static OperatorRow Max(string name, PoolWindows windows, Shape shape) =>
        Rows.Operation(name, typeof(MaxPool<>), x => x[0].MaxPool(windows), x => x[0].MaxPool(windows), x => [.. Windows(x[0].Shape, windows).Select(w => w.Inside.Max(at => Element(x[0], at)))], [shape])
            .Claiming(Convexity.Convex) with
        {
            KinkDistance = x => Gap(x[0], windows),
            Stated = windows == s_pairs
                ? [
                    new([Tensor.From([1.0, 2, 2, 2], [2, 2])], [2], [[0, 1, 0, 0]]),
                    new([Tensor.From([1.0, double.NaN, 2, double.NaN], [2, 2])], [double.NaN], [[0, 1, 0, 0]])]
                : [],
        };

    private static OperatorRow Mean(string name, PoolWindows windows, bool includePadding, Shape shape) =>
        Rows.Operation(name, typeof(AvgPool<>), x => x[0].AvgPool(windows, includePadding), x => x[0].AvgPool(windows, includePadding), x => [.. Windows(x[0].Shape, windows).Select(w => w.Inside.Sum(at => Element(x[0], at)) / (includePadding ? w.Padded : w.Inside.Length))], [shape])
            .Claiming(Convexity.Affine);

    // y[n, o, p, q] as its definition has it; spatial axes of one row for one dimension.
    private static double[] Conv(Tensor<double>[] x, ConvOptions options)
    {
        Tensor<double> image = Flat(x[0]), w = Flat(x[1]);
        int rows = Outputs(image.Shape[2], w.Shape[2], RowsOr1(x[0], options.Stride), RowsOr0(x[0], options.Padding), RowsOr1(x[0], options.Dilation));
        int columns = Outputs(image.Shape[3], w.Shape[3], options.Stride.Columns, options.Padding.Columns, options.Dilation.Columns);
        return IndexLoops.Fill([image.Shape[0], w.Shape[0], rows, columns], y =>
        {
            double sum = x.Length > 2 ? x[2][y[1]] : 0;
            foreach (int[] k in IndexLoops.Of(w.Shape).Where(k => k[0] == y[1]))
                sum += w[k] * At(image, y[0], y[1] / (w.Shape[0] / options.Groups) * w.Shape[1] + k[1], Row(x[0], options, y[2], k[2]), Column(options, y[3], k[3]));
            return sum;
        });
    }

    // Each input spreads over the outputs that a convolution would have read it for.
    private static double[] Transposed(Tensor<double>[] x, ConvOptions options)
    {
        Tensor<double> image = Flat(x[0]), w = Flat(x[1]);
        int outputs = w.Shape[1] * options.Groups;
        int rows = x[0].Rank == 4 ? Size(image.Shape[2], w.Shape[2], options.Stride.Rows, options.Padding.Rows, options.Dilation.Rows, options.OutputPadding.Rows) : 1;
        int columns = Size(image.Shape[3], w.Shape[3], options.Stride.Columns, options.Padding.Columns, options.Dilation.Columns, options.OutputPadding.Columns);
        double[] y = new double[image.Shape[0] * outputs * rows * columns];
        foreach (int[] i in IndexLoops.Of(image.Shape))
        {
            foreach (int[] k in IndexLoops.Of(w.Shape).Where(k => k[0] == i[1]))
            {
                int channel = i[1] / (w.Shape[0] / options.Groups) * w.Shape[1] + k[1], row = Row(x[0], options, i[2], k[2]), column = Column(options, i[3], k[3]);
                if (row >= 0 && row < rows && column >= 0 && column < columns)
                    y[((i[0] * outputs + channel) * rows + row) * columns + column] += image[i] * w[k];
            }
        }
        for (int at = 0; at < y.Length && x.Length > 2; at++)
            y[at] += x[2][at / (rows * columns) % outputs];
        return y;
    }

    private static double[] WeightGradient(Tensor<double>[] x) => IndexLoops.Fill([2, 2, 2, 3], k => IndexLoops.Of(x[1].Shape)
        .Where(d => d[1] == k[0])
        .Sum(d => x[1][d] * At(x[0], d[0], k[0] * 2 + k[1], Row(x[0], s_uneven, d[2], k[2]), Column(s_uneven, d[3], k[3]))));

    private static double[] Place(Tensor<double>[] x)
    {
        double[] placed = new double[x[0].Length];
        int i = 0;
        foreach (Window window in Windows(x[0].Shape, s_overlapping))
            placed[First(x[0], window)] += Element(x[1], i++);
        return placed;
    }

    private static double[] Shares(Tensor<double>[] x)
    {
        double[] shares = new double[s_image.Length];
        int i = 0;
        foreach (Window window in Windows(s_image, s_overlapping))
        {
            double share = Element(x[0], i++) / window.Padded;
            foreach (int at in window.Inside)
                shares[at] += share;
        }
        return shares;
    }

    private static Tensor<double> Flat(Tensor<double> x) => x.Rank == 4 ? x : x.Reshape([x.Shape[0], x.Shape[1], 1, x.Shape[2]]);

    private static int RowsOr1(Tensor<double> x, PerAxis value) => x.Rank == 4 ? value.Rows : 1;

    private static int RowsOr0(Tensor<double> x, PerAxis value) => x.Rank == 4 ? value.Rows : 0;

    private static int Row(Tensor<double> x, ConvOptions options, int p, int i) =>
        p * RowsOr1(x, options.Stride) + i * RowsOr1(x, options.Dilation) - RowsOr0(x, options.Padding);

    private static int Column(ConvOptions options, int q, int j) => q * options.Stride.Columns + j * options.Dilation.Columns - options.Padding.Columns;

    private static int Outputs(int input, int kernel, int stride, int padding, int dilation) => (input + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1;

    private static int Size(int input, int kernel, int stride, int padding, int dilation, int more) => (input - 1) * stride - 2 * padding + (kernel - 1) * dilation + 1 + more;

    private static double At(Tensor<double> x, int n, int c, int row, int column) =>
        row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3] ? x[n, c, row, column] : 0;

    /// <summary>One window: the places of its elements, and how many there are with the padding's.</summary>
    private sealed record Window(int[] Inside, int Padded);

    private static IEnumerable<Window> Windows(Shape shape, PoolWindows windows)
    {
        int columns = shape[-1], rows = windows.Rank == 2 ? shape[-2] : 1;
        List<int[]> vertical = windows.Rank == 2 ? Along(rows, windows.Kernel.Rows, windows.Stride.Rows, windows.Padding.Rows, windows.Dilation.Rows, windows.Output.Rows, windows.Ceiling) : [[0]];
        List<int[]> horizontal = Along(columns, windows.Kernel.Columns, windows.Stride.Columns, windows.Padding.Columns, windows.Dilation.Columns, windows.Output.Columns, windows.Ceiling);
        for (int plane = 0; plane < shape.Length / (rows * columns); plane++)
            foreach (int[] v in vertical)
                foreach (int[] h in horizontal)
                    yield return new([.. from i in v where i >= 0 && i < rows from j in h where j >= 0 && j < columns select (plane * rows + i) * columns + j], v.Length * h.Length);
    }

    private static List<int[]> Along(int input, int kernel, int stride, int padding, int dilation, int adaptive, bool ceiling)
    {
        List<int[]> windows = [];
        for (int i = 0; i < adaptive; i++)
            windows.Add([.. Enumerable.Range(0, input).Where(at => at >= i * input / adaptive && at * adaptive < (i + 1) * input)]);
        if (adaptive > 0)
            return windows;
        for (int start = -padding; start + (kernel - 1) * dilation < input + padding || (ceiling && start < input && start + (kernel - 1) * dilation - stride < input + padding - 1); start += stride)
            windows.Add([.. Enumerable.Range(0, kernel).Select(j => start + j * dilation).Where(at => at < input + padding)]);
        return windows;
    }

    private static double Element(Tensor<double> x, int at) => x.ToArray()[at];

    private static int First(Tensor<double> x, Window window)
    {
        double[] values = x.ToArray();
        return window.Inside.MaxBy(at => values[at]);
    }

    private static double Gap(Tensor<double> x, PoolWindows windows)
    {
        double[] values = x.ToArray();
        double least = double.PositiveInfinity;
        foreach (Window window in Windows(x.Shape, windows))
        {
            double[] sorted = [.. window.Inside.Select(at => values[at]).OrderDescending()];
            if (sorted.Length > 1)
                least = Math.Min(least, sorted[0] - sorted[1]);
        }
        return least;
    }
}
