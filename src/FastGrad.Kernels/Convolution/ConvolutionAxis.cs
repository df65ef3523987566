namespace FastGrad.Kernels.Convolution;

/// <summary>One spatial axis of a convolution: output position p reads input positions p·stride + i·dilation − padding, i = 0 … kernel − 1.</summary>
/// <param name="Input">Input positions, at least 1.</param>
/// <param name="Kernel">Kernel positions, at least 1.</param>
/// <param name="Stride">Input positions from one output to the next, at least 1.</param>
/// <param name="Padding">Zeros before and after the input, at least 0.</param>
/// <param name="Dilation">Input positions from one kernel position to the next, at least 1.</param>
public readonly record struct ConvolutionAxis(int Input, int Kernel, int Stride = 1, int Padding = 0, int Dilation = 1)
{
    /// <summary>Input positions that one output spans: (kernel − 1)·dilation + 1.</summary>
    public long Extent => (long)(Kernel - 1) * Dilation + 1;

    /// <summary>Output positions: ⌊(input + 2·padding − extent)/stride⌋ + 1. Not positive where the kernel does not fit.</summary>
    public int Output
    {
        get
        {
            long room = Input + 2L * Padding - Extent;
            return room < 0 ? 0 : (int)(room / Stride + 1);
        }
    }

    /// <summary>Whether every output reads the one input position of its own number.</summary>
    internal bool IsPointwise => Kernel == 1 && Stride == 1 && Padding == 0;

    internal void Check(string name)
    {
        if (Input < 1 || Kernel < 1 || Stride < 1 || Padding < 0 || Dilation < 1)
            throw new ArgumentException($"{name} {this}: expected an input, kernel, stride and dilation of at least 1 and a padding of at least 0.", name);
        if (Output < 1)
            throw new ArgumentException($"{name} {this}: the kernel spans {Extent} positions, and the padded input has {Input + 2L * Padding}; expected at least as many.", name);
    }

    /// <summary>For example <c>32 · 3, padding 1</c>.</summary>
    public override string ToString() =>
        $"input {Input}, kernel {Kernel}, stride {Stride}, padding {Padding}, dilation {Dilation}";
}
