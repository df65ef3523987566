using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>dx: a correlation of dy with the weights seen from the other side, for each remainder of an input position modulo the stride.</summary>
/// <remarks>
/// Input position h gets kernel position i from output (h + padding − i·dilation)/stride where that is whole. Positions h with one remainder
/// modulo the stride take the same kernel positions, each at a fixed distance: a correlation with stride 1.
/// </remarks>
internal unsafe struct InputGradientWork<T>(ConvolutionShape shape, WorkerTeam? workers) : ITiledWork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Dy, W, Dx, Bias;
    public bool Accumulate;
    public void* Epilogue;
    public delegate*<void*, int, int, int, int, T*, nint, void> Finish;

    public readonly void Run<TKernels>()
        where TKernels : struct, IKernelSet<T>
    {
        if (shape.IsWinograd)
        {
            WinogradLoops<TKernels, T>.Run(
                new()
                {
                    Batch = shape.Batch,
                    M = shape.InputChannels,
                    Channels = shape.OutputChannels,
                    Rows = shape.Rows.Input,
                    Columns = shape.Columns.Input,
                    InputRows = shape.Rows.Output,
                    InputColumns = shape.Columns.Output,
                    Top = 2 - shape.Rows.Padding,
                    Left = 2 - shape.Columns.Padding,
                    X = Dy,
                    A = WinogradWeights.Pack(W, 9, shape.InputChannels, (nint)9 * shape.InputChannels, shape.OutputChannels, turned: true, TKernels.Rows),
                    Y = Dx,
                    Bias = Bias,
                    Accumulate = Accumulate,
                    Epilogue = Epilogue,
                    Finish = Finish,
                },
                workers);
            return;
        }
        for (int row = 0; row < Math.Min(shape.Rows.Stride, shape.Rows.Input); row++)
        {
            for (int column = 0; column < Math.Min(shape.Columns.Stride, shape.Columns.Input); column++)
                Run<TKernels>(new Phase(shape.Rows, row), new Phase(shape.Columns, column));
        }
    }

    private readonly void Run<TKernels>(Phase rows, Phase columns)
        where TKernels : struct, IKernelSet<T>
    {
        int m = shape.GroupInputs, channels = shape.GroupOutputs, window = shape.Window, width = m == 1 ? 1 : TKernels.Rows;
        int taps = rows.Taps * columns.Taps;
        // A bias is one more step for tiles; a direct row adds its own.
        T* bias = m == 1 ? null : Bias;
        nint group = (nint)((m + width - 1) / width) * width * ((nint)channels * taps + (bias == null ? 0 : 1));
        TapList<T> list = new(taps, group * shape.Groups);
        Plane plane = new(
            shape.Rows.Output, shape.Columns.Output, -rows.First, -columns.First, 1, 1, rows.Span, columns.Positions - 1 + columns.Span);
        for (int i = 0; i < shape.Rows.Kernel; i++)
        {
            for (int j = 0; j < shape.Columns.Kernel; j++)
            {
                if (rows.Takes(i) && columns.Takes(j))
                    list.Add(i * shape.Columns.Kernel + j, plane.Offset(rows.Output(i) - rows.First, columns.Output(j) - columns.First));
            }
        }
        for (int g = 0; g < shape.Groups; g++)
        {
            nint line = window, channel = line * m;
            Weights.Pack(W + g * channels * channel, line, m, channel, channels, list.Positions, width, bias == null ? null : bias + g * m, list.Weights + g * group);
        }
        CorrelationJob<TKernels, T>.Run(
            new()
            {
                Batch = shape.Batch,
                Groups = shape.Groups,
                Rows = rows.Positions,
                Columns = columns.Positions,
                M = m,
                Channels = channels,
                Taps = taps,
                Plane = plane,
                Offsets = list.Offsets,
                InPlace = shape.Rows.IsPointwise && shape.Columns.IsPointwise && m > 1,
                X = Dy,
                XChannel = shape.OutputPlane,
                XImage = (nint)shape.OutputPlane * shape.OutputChannels,
                A = list.Weights,
                AGroup = group,
                Y = Dx + (nint)rows.Remainder * shape.Columns.Input + columns.Remainder,
                YColumn = shape.Columns.Stride,
                YRow = (nint)shape.Rows.Stride * shape.Columns.Input,
                YChannel = shape.InputPlane,
                YImage = (nint)shape.InputPlane * shape.InputChannels,
                Bias = Bias,
                Accumulate = Accumulate,
                Epilogue = Epilogue,
                Finish = Finish,
            },
            workers);
    }

    /// <summary>The input positions of one axis with one remainder modulo the stride: remainder, remainder + stride, ….</summary>
    private readonly struct Phase
    {
        private readonly ConvolutionAxis _axis;

        public Phase(ConvolutionAxis axis, int remainder)
        {
            (_axis, Remainder, Taps) = (axis, remainder, 0);
            Positions = (axis.Input - remainder + axis.Stride - 1) / axis.Stride;
            int last = 0;
            for (int i = 0; i < axis.Kernel; i++)
            {
                if (!Takes(i))
                    continue;
                // Later kernel positions read earlier outputs.
                First = Output(i);
                if (Taps++ == 0)
                    last = First;
            }
            Span = Taps == 0 ? 1 : last - First + 1;
        }

        public int Remainder { get; }

        /// <summary>How many input positions there are.</summary>
        public int Positions { get; }

        /// <summary>How many kernel positions reach them.</summary>
        public int Taps { get; }

        /// <summary>The earliest output that the first position reads; may be negative.</summary>
        public int First { get; }

        /// <summary>Outputs from there to the last that it reads.</summary>
        public int Span { get; }

        public bool Takes(int i) => (Remainder + (long)_axis.Padding - (long)i * _axis.Dilation) % _axis.Stride == 0;

        /// <summary>The output from which the first position gets kernel position i.</summary>
        public int Output(int i) => (int)((Remainder + (long)_axis.Padding - (long)i * _axis.Dilation) / _axis.Stride);
    }
}
