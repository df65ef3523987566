namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The tiles of one instruction set for one type of element.</summary>
internal unsafe interface IKernelSet<T>
    where T : unmanaged
{
    /// <summary>Elements of one vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Rows of the main tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Vectors per row of the main tile.</summary>
    static abstract int Vectors { get; }

    /// <summary>Cache blocking of the packed path.</summary>
    static abstract BlockSizes Blocks { get; }

    /// <summary>
    /// Runs the tile of <paramref name="rows"/> (that of the main tile, or 4, 2, 1 below it) by <paramref name="vectors"/> (up to that of
    /// the main tile), or, where that is 0, by the first <paramref name="lanes"/> of one vector; the rest as in
    /// <see cref="IMicroKernel{T}.Run"/>.
    /// </summary>
    static abstract void Run(
        int rows, int vectors, nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias);
}
