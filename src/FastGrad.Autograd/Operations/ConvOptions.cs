using FastGrad.Kernels.Convolution;

namespace FastGrad.Autograd;

/// <summary>How a convolution walks over its input, in one or two dimensions. The defaults are PyTorch's.</summary>
public sealed record ConvOptions
{
    /// <summary>Stride 1, no padding, no dilation, one group.</summary>
    public static ConvOptions Default { get; } = new();

    /// <summary>Input positions from one output to the next.</summary>
    public PerAxis Stride { get; init; } = 1;

    /// <summary>Zeros on each side of the input.</summary>
    public PerAxis Padding { get; init; } = 0;

    /// <summary>Input positions from one kernel position to the next.</summary>
    public PerAxis Dilation { get; init; } = 1;

    /// <summary>Group g of the output channels sees group g of the input channels alone.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Transposed convolution only: positions by which the output is longer than the shortest one; below the stride or the dilation.</summary>
    public PerAxis OutputPadding { get; init; } = 0;

    /// <summary>The kernels' shape of a convolution of x by w.</summary>
    internal ConvolutionShape ShapeOf(Shape x, Shape w)
    {
        bool fits = w.Rank is 3 or 4 && x.Rank == w.Rank && Groups >= 1 && x[1] == (long)w[1] * Groups && w[0] % Groups == 0;
        if (!fits)
            throw new ArgumentException($"conv of x {x} and weight {w} in {Groups} groups; expected x [batch, in, columns] and weight [out, in/groups, kernel], or x [batch, in, rows, columns] and weight [out, in/groups, rows, columns], where the groups divide out.");
        return Checked(x[0], x[1], w[0], x, w);
    }

    /// <summary>The convolution of which a convolution of x by w is the transpose: from the result's shape to x's.</summary>
    internal ConvolutionShape Transposed(Shape x, Shape w)
    {
        bool fits = w.Rank is 3 or 4 && x.Rank == w.Rank && Groups >= 1 && x[1] == w[0] && w[0] % Groups == 0;
        if (!fits)
            throw new ArgumentException($"transposed conv of x {x} and weight {w} in {Groups} groups; expected x [batch, in, columns] and weight [in, out/groups, kernel], or x [batch, in, rows, columns] and weight [in, out/groups, rows, columns], where the groups divide in.");
        int columns = Size(x[-1], w[-1], Stride.Columns, Padding.Columns, Dilation.Columns, OutputPadding.Columns);
        int rows = w.Rank == 4 ? Size(x[-2], w[-2], Stride.Rows, Padding.Rows, Dilation.Rows, OutputPadding.Rows) : 1;
        return Checked(x[0], checked(w[1] * Groups), w[0], w.Rank == 4 ? [rows, columns] : [columns], w);
    }

    /// <summary>These options for the transpose of a convolution whose input has shape x: its result gets that shape.</summary>
    internal ConvOptions ForTranspose(ConvolutionShape shape) => this with
    {
        OutputPadding = (Rest(shape.Rows), Rest(shape.Columns)),
    };

    private static int Rest(ConvolutionAxis axis) =>
        (int)(axis.Input + 2L * axis.Padding - axis.Extent - (axis.Output - 1L) * axis.Stride);

    private static int Size(int input, int kernel, int stride, int padding, int dilation, int outputPadding)
    {
        if (outputPadding < 0 || outputPadding >= Math.Max(stride, dilation))
            throw new ArgumentException($"An output padding of {outputPadding} with stride {stride} and dilation {dilation}; expected at least 0, and less than the larger of both.");
        long size = (input - 1L) * stride - 2L * padding + (kernel - 1L) * dilation + 1 + outputPadding;
        if (size is < 1 or > int.MaxValue)
            throw new ArgumentException($"A transposed conv of {input} positions with kernel {kernel}, stride {stride}, padding {padding} and dilation {dilation} has {size} outputs; expected at least 1.");
        return (int)size;
    }

    private ConvolutionShape Checked(int batch, int inputs, int outputs, Shape spatial, Shape w)
    {
        ConvolutionAxis columns = new(spatial[-1], w[-1], Stride.Columns, Padding.Columns, Dilation.Columns);
        ConvolutionAxis rows = w.Rank == 4 ? new(spatial[-2], w[-2], Stride.Rows, Padding.Rows, Dilation.Rows) : new(1, 1);
        ConvolutionShape shape = new(batch, inputs, outputs, rows, columns, Groups);
        shape.Check();
        return shape;
    }
}
