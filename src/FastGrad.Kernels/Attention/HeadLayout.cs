namespace FastGrad.Kernels.Attention;

/// <summary>Where element (batch, head, position, i) lies: at batch·Batch + head·Head + position·Row + i.</summary>
/// <remarks>The heads of a fused projection [batch, time, 3, heads, width] are such a layout, and need no copy.</remarks>
/// <param name="Batch">Elements from one sequence to the next.</param>
/// <param name="Head">Elements from one head to the next.</param>
/// <param name="Row">Elements from one position to the next.</param>
public readonly record struct HeadLayout(int Batch, int Head, int Row)
{
    /// <summary>The layout of a dense [batch, heads, positions, width].</summary>
    public static HeadLayout Dense(int heads, int positions, int width) => new(heads * positions * width, positions * width, width);

    /// <summary>The layout of a dense [batch, positions, heads, width].</summary>
    public static HeadLayout Interleaved(int heads, int positions, int width) => new(positions * heads * width, width, heads * width);

    /// <summary>Where a head starts.</summary>
    internal nint Start(int batch, int head) => (nint)batch * Batch + (nint)head * Head;

    /// <summary>The span holds every element.</summary>
    internal void Check<T>(ReadOnlySpan<T> data, in AttentionShape shape, int positions, int width, string name)
    {
        if (Batch < 0 || Head < 0 || Row < 0)
            throw new ArgumentOutOfRangeException(name, $"{name} has the layout {this}; expected no negative stride.");
        if (shape.Sequences == 0 || positions == 0 || width == 0)
            return;
        long extent = (long)(shape.Batch - 1) * Batch + (long)(shape.Heads - 1) * Head + (long)(positions - 1) * Row + width;
        if (data.Length < extent)
            throw new ArgumentException($"{name} [{shape.Batch}, {shape.Heads}, {positions}, {width}] with the layout {this} needs {extent} elements, but has {data.Length}.", name);
    }

    /// <summary>No two elements are the same memory, as far as positions and heads go: what is written needs it.</summary>
    internal void CheckDistinct(in AttentionShape shape, int positions, int width, string name)
    {
        if (shape.Sequences * positions * width == 0)
            return;
        if ((positions > 1 && Row < width) || (shape.Heads > 1 && Head < width) || (shape.Batch > 1 && Batch < width))
            throw new ArgumentException($"{name} [{shape.Batch}, {shape.Heads}, {positions}, {width}] with the layout {this} overlaps itself.", name);
    }
}
