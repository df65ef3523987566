using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>y = x ⋆ w: one correlation with all kernel positions.</summary>
internal unsafe struct ForwardWork<T>(ConvolutionShape shape, WorkerTeam? workers) : ITiledWork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, W, Y, Bias;
    public bool Accumulate;
    public void* Epilogue;
    public delegate*<void*, int, int, int, int, T*, nint, void> Finish;

    public readonly void Run<TKernels>()
        where TKernels : struct, IKernelSet<T>
    {
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        if (shape.IsWinograd)
        {
            WinogradLoops<TKernels, T>.Run(
                new()
                {
                    Batch = shape.Batch,
                    M = shape.OutputChannels,
                    Channels = shape.InputChannels,
                    Rows = rows.Output,
                    Columns = columns.Output,
                    InputRows = rows.Input,
                    InputColumns = columns.Input,
                    Top = rows.Padding,
                    Left = columns.Padding,
                    X = X,
                    A = WinogradWeights.Pack(W, (nint)9 * shape.InputChannels, shape.OutputChannels, 9, shape.InputChannels, turned: false, TKernels.Rows),
                    Y = Y,
                    Bias = Bias,
                    Accumulate = Accumulate,
                    Epilogue = Epilogue,
                    Finish = Finish,
                },
                workers);
            return;
        }
        int m = shape.GroupOutputs, taps = shape.Window, width = m == 1 ? 1 : TKernels.Rows;
        // A bias is one more step for tiles; a direct row adds its own.
        T* bias = m == 1 ? null : Bias;
        nint group = (nint)((m + width - 1) / width) * width * ((nint)shape.GroupInputs * taps + (bias == null ? 0 : 1));
        TapList<T> list = new(taps, group * shape.Groups);
        Plane plane = new(
            rows.Input, columns.Input, rows.Padding, columns.Padding, rows.Stride, columns.Stride,
            (int)rows.Extent, (columns.Output - 1) * columns.Stride + (int)columns.Extent);
        for (int i = 0; i < rows.Kernel; i++)
        {
            for (int j = 0; j < columns.Kernel; j++)
                list.Add(i * columns.Kernel + j, plane.Offset(i * rows.Dilation, j * columns.Dilation));
        }
        for (int g = 0; g < shape.Groups; g++)
        {
            nint channel = taps, line = channel * shape.GroupInputs;
            Weights.Pack(W + g * m * line, line, m, channel, shape.GroupInputs, list.Positions, width, bias == null ? null : bias + g * m, list.Weights + g * group);
        }
        CorrelationJob<TKernels, T>.Run(
            new()
            {
                Batch = shape.Batch,
                Groups = shape.Groups,
                Rows = rows.Output,
                Columns = columns.Output,
                M = m,
                Channels = shape.GroupInputs,
                Taps = taps,
                Plane = plane,
                Offsets = list.Offsets,
                InPlace = rows.IsPointwise && columns.IsPointwise && m > 1,
                X = X,
                XChannel = shape.InputPlane,
                XImage = (nint)shape.InputPlane * shape.InputChannels,
                A = list.Weights,
                AGroup = group,
                Y = Y,
                YColumn = 1,
                YRow = columns.Output,
                YChannel = shape.OutputPlane,
                YImage = (nint)shape.OutputPlane * shape.OutputChannels,
                Bias = Bias,
                Accumulate = Accumulate,
                Epilogue = Epilogue,
                Finish = Finish,
            },
            workers);
    }
}
