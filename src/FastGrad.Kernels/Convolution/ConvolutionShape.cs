namespace FastGrad.Kernels.Convolution;

/// <summary>The shape of a 2-D convolution. A 1-D one has one row: its row axis is <c>new(1, 1)</c>.</summary>
/// <remarks>
/// Tensors are row-major: x [batch, input channels, rows, columns], w [output channels, input channels / groups, kernel rows, kernel
/// columns], y [batch, output channels, output rows, output columns]. This is PyTorch's layout (NCHW).
/// </remarks>
/// <param name="Batch">Images.</param>
/// <param name="InputChannels">Channels of x, a multiple of the groups.</param>
/// <param name="OutputChannels">Channels of y, a multiple of the groups.</param>
/// <param name="Rows">The first spatial axis.</param>
/// <param name="Columns">The second spatial axis.</param>
/// <param name="Groups">Group g of the outputs sees group g of the inputs alone.</param>
public readonly record struct ConvolutionShape(
    int Batch, int InputChannels, int OutputChannels, ConvolutionAxis Rows, ConvolutionAxis Columns, int Groups = 1)
{
    /// <summary>Input channels of a group.</summary>
    public int GroupInputs => InputChannels / Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupOutputs => OutputChannels / Groups;

    /// <summary>Elements of x.</summary>
    public long InputLength => (long)Batch * InputChannels * InputPlane;

    /// <summary>Elements of w.</summary>
    public long WeightLength => (long)OutputChannels * GroupInputs * Window;

    /// <summary>Elements of y.</summary>
    public long OutputLength => (long)Batch * OutputChannels * OutputPlane;

    /// <summary>Multiply-adds of a direct convolution, padding counted.</summary>
    public double MultiplyAdds => (double)OutputLength * GroupInputs * Window;

    /// <summary>Elements of one channel of x.</summary>
    internal int InputPlane => checked(Rows.Input * Columns.Input);

    /// <summary>Elements of one channel of y.</summary>
    internal int OutputPlane => checked(Rows.Output * Columns.Output);

    /// <summary>Kernel positions.</summary>
    internal int Window => checked(Rows.Kernel * Columns.Kernel);

    /// <summary>Whether each group has one channel on either side.</summary>
    internal bool IsDepthwise => GroupInputs == 1 && GroupOutputs == 1;

    /// <summary>
    /// Whether output and both gradients go by Winograd's F(2×2, 3×3), with its own order of roundings: kernels of 3 × 3 without stride, dilation or
    /// groups, padded by at most 2, where both sides have 24 channels and planes of 12 × 12 or more. Neither batch nor machine decides.
    /// </summary>
    public bool IsWinograd =>
        Groups == 1 && InputChannels >= LeastChannels && OutputChannels >= LeastChannels && FitsWinograd(Rows) && FitsWinograd(Columns);

    // Below, transforms and half-empty vectors cost what the saved multiplications gain.
    private const int LeastChannels = 24, LeastPositions = 12;

    private static bool FitsWinograd(ConvolutionAxis axis) =>
        axis is { Kernel: 3, Stride: 1, Dilation: 1, Padding: <= 2, Input: >= LeastPositions, Output: >= LeastPositions };

    /// <summary>Checks that there is such a convolution.</summary>
    /// <exception cref="ArgumentException">A size is not positive, the groups do not divide the channels, or the kernel does not fit the padded input.</exception>
    public void Check()
    {
        if (Batch < 0 || InputChannels < 1 || OutputChannels < 1)
            throw new ArgumentException($"A batch of {Batch} with {InputChannels} input and {OutputChannels} output channels; expected a batch of at least 0 and at least 1 channel on each side.");
        if (Groups < 1 || InputChannels % Groups != 0 || OutputChannels % Groups != 0)
            throw new ArgumentException($"{Groups} groups of {InputChannels} input and {OutputChannels} output channels; expected a divisor of both.", nameof(Groups));
        Rows.Check(nameof(Rows));
        Columns.Check(nameof(Columns));
    }
}
