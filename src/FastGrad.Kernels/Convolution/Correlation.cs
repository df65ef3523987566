namespace FastGrad.Kernels.Convolution;

/// <summary>
/// What the forward pass and each part of the input gradient have in common: y[m, r, q] is the chain over channels c and taps t of
/// a[m, c, t]·plane<sub>c</sub>[(r, q) + offset<sub>t</sub>], for each image and group.
/// </summary>
internal unsafe struct Correlation<T>
    where T : unmanaged
{
    public int Batch, Groups;

    /// <summary>Rows and columns of outputs.</summary>
    public int Rows, Columns;

    /// <summary>Output channels of a group.</summary>
    public int M;

    /// <summary>Input channels of a group.</summary>
    public int Channels;

    /// <summary>Kernel positions that take part.</summary>
    public int Taps;

    /// <summary>The layout of an input channel.</summary>
    public Plane Plane;

    /// <summary>Where each tap begins in that layout.</summary>
    public nint* Offsets;

    /// <summary>The input; a channel is contiguous.</summary>
    public T* X;

    public nint XImage, XChannel;

    /// <summary>Whether tap 0 of a channel is the channel itself: then nothing is laid out.</summary>
    public bool InPlace;

    /// <summary>The weights: for each group strips of rows, each stored step by step.</summary>
    public T* A;

    public nint AGroup;

    public T* Y;
    public nint YImage, YChannel, YRow, YColumn;

    /// <summary>Null, or an addend for each output channel. Where M > 1 the weights hold it too, as one more step.</summary>
    public T* Bias;

    public bool Accumulate;

    /// <summary>An epilogue and its loop, where outputs are dense: y as a matrix of one row for each image and channel. Null where there is none.</summary>
    public void* Epilogue;
    public delegate*<void*, int, int, int, int, T*, nint, void> Finish;

    /// <summary>Whether a row of outputs follows the other in memory, so that tiles write y itself.</summary>
    public readonly bool IsDense => YColumn == 1 && YRow == Columns;

    /// <summary>Applies the epilogue, if any, to some outputs of channels [m, m + channels) of a group, which lie at c.</summary>
    public readonly void Complete(int image, int group, int m, int channels, int first, int count, T* c)
    {
        if (Finish != null)
            Finish(Epilogue, (int)(image * (YImage / YChannel)) + group * M + m, channels, first, count, c, YChannel);
    }

    /// <summary>Steps of a chain.</summary>
    public readonly int Steps => Channels * Taps;
}
