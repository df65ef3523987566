namespace FastGrad.Kernels.Pooling;

/// <summary>The windows along one axis: which input positions each output position covers.</summary>
public readonly record struct PoolAxis
{
    private readonly int _kernel, _stride, _padding;

    private PoolAxis(int input, int output, int kernel, int stride, int padding, int dilation)
    {
        (Input, Output, _kernel, _stride, _padding, Dilation) = (input, output, kernel, stride, padding, dilation);
    }

    /// <summary>Input positions.</summary>
    public int Input { get; }

    /// <summary>Windows.</summary>
    public int Output { get; }

    /// <summary>Input positions from one of a window's to the next.</summary>
    public int Dilation { get; }

    /// <summary>Windows of one size: window i covers positions i·stride + j·dilation − padding, j = 0 … kernel − 1, as far as they are in the input.</summary>
    /// <param name="input">Input positions, at least 1.</param>
    /// <param name="kernel">Positions of a window, at least 1.</param>
    /// <param name="stride">From one window to the next; 0 means the kernel: windows side by side.</param>
    /// <param name="padding">Positions before and after the input, at most half of a window.</param>
    /// <param name="dilation">Input positions from one of a window's to the next.</param>
    /// <param name="ceiling">Whether a last window may reach beyond the padding, as long as it begins before it: the output is rounded up.</param>
    /// <exception cref="ArgumentException">A number is out of range, or a window covers no input.</exception>
    public static PoolAxis Sliding(int input, int kernel, int stride = 0, int padding = 0, int dilation = 1, bool ceiling = false)
    {
        stride = stride == 0 ? kernel : stride;
        long extent = (long)(kernel - 1) * dilation + 1, room = input + 2L * padding - extent;
        if (input < 1 || kernel < 1 || stride < 1 || dilation < 1 || padding < 0 || padding > extent / 2)
            throw new ArgumentException($"Windows of {kernel}, stride {stride}, padding {padding}, dilation {dilation} over {input} positions; expected at least 1 of each, and a padding of at most half of what a window spans.", nameof(kernel));
        if (room < 0)
            throw new ArgumentException($"A window spans {extent} positions, and the padded input has {input + 2L * padding}; expected at least as many.", nameof(kernel));
        long output = (room + (ceiling ? stride - 1 : 0)) / stride + 1;
        if (ceiling && (output - 1) * stride >= (long)input + padding)
            output--; // it would begin in the padding behind the input
        PoolAxis axis = new(input, (int)output, kernel, stride, padding, dilation);
        for (int i = 0; i < axis.Output; i++)
        {
            if (axis.Count(i) == 0)
                throw new ArgumentException($"Window {i} of {kernel}, stride {stride}, padding {padding}, dilation {dilation} covers none of {input} positions; expected a smaller padding or dilation.", nameof(padding));
        }
        return axis;
    }

    /// <summary>As many windows as outputs are asked for: window i covers ⌊i·input/output⌋ … ⌈(i + 1)·input/output⌉ − 1, as in PyTorch.</summary>
    /// <param name="input">Input positions, at least 1.</param>
    /// <param name="output">Windows, at least 1; may be more than positions.</param>
    /// <exception cref="ArgumentException">A number is below 1.</exception>
    public static PoolAxis Adaptive(int input, int output)
    {
        if (input < 1 || output < 1)
            throw new ArgumentException($"{output} windows over {input} positions; expected at least 1 of each.", nameof(output));
        return new(input, output, 0, 0, 0, 1);
    }

    private bool IsAdaptive => _kernel == 0;

    /// <summary>The first input position of a window.</summary>
    public int First(int window)
    {
        if (IsAdaptive)
            return (int)((long)window * Input / Output);
        int start = window * _stride - _padding;
        return start >= 0 ? start : start + (-start + Dilation - 1) / Dilation * Dilation;
    }

    /// <summary>The number of input positions of a window.</summary>
    public int Count(int window)
    {
        int first = First(window);
        if (IsAdaptive)
            return (int)((((long)window + 1) * Input + Output - 1) / Output) - first;
        int last = Math.Min(Input - 1, window * _stride - _padding + (_kernel - 1) * Dilation);
        return last < first ? 0 : (last - first) / Dilation + 1;
    }

    /// <summary>The same with the padding's positions, but not those beyond it.</summary>
    public int PaddedCount(int window)
    {
        if (IsAdaptive)
            return Count(window);
        int start = window * _stride - _padding;
        return Math.Min(start + _kernel, Input + _padding) - start;
    }

    /// <summary>Whether there is one window, which covers every input position.</summary>
    internal bool IsWhole => Output == 1 && Count(0) == Input;

    /// <summary>Whether windows lie side by side in pairs and cover only input.</summary>
    internal bool IsPairs => _kernel == 2 && _stride == 2 && _padding == 0 && Dilation == 1 && 2 * Output <= Input;
}
