using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>dw of one group: for input channel c and kernel position t a row of dwᵀ, whose columns are the group's output channels.</summary>
internal unsafe struct WeightGradientWork<T>(ConvolutionShape shape, WorkerTeam? workers) : ITiledWork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Dy, Dw;
    public bool Accumulate;

    public readonly void Run<TKernels>()
        where TKernels : struct, IKernelSet<T>
    {
        if (shape.IsWinograd)
        {
            WinogradGradient<TKernels, T>.Run(shape, X, Dy, Dw, Accumulate, workers);
            return;
        }
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        TapList<T> list = new(shape.Window, 0);
        Plane plane = new(
            rows.Input, columns.Input, rows.Padding, columns.Padding, rows.Stride, columns.Stride,
            (int)rows.Extent, (columns.Output - 1) * columns.Stride + (int)columns.Extent);
        for (int i = 0; i < rows.Kernel; i++)
        {
            for (int j = 0; j < columns.Kernel; j++)
                list.Add(i * columns.Kernel + j, plane.Offset(i * rows.Dilation, j * columns.Dilation));
        }
        WeightGradientJob<TKernels, T>.Run(new(shape, plane, list.Offsets, X, Dy, Dw, Accumulate), workers);
    }
}

/// <summary>Where a weight gradient's operands lie.</summary>
internal readonly unsafe struct WeightGradient<T>(
    ConvolutionShape shape, Plane plane, nint* offsets, T* x, T* dy, T* dw, bool accumulate)
    where T : unmanaged
{
    public readonly ConvolutionShape Shape = shape;
    public readonly Plane Plane = plane;
    public readonly nint* Offsets = offsets;
    public readonly T* X = x, Dy = dy, Dw = dw;
    public readonly bool Accumulate = accumulate;
}
