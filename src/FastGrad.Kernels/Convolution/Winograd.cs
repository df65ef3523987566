namespace FastGrad.Kernels.Convolution;

/// <summary>
/// A correlation 3 × 3 with stride 1 by Winograd's F(2×2, 3×3): Y = Aᵀ[Σ<sub>c</sub> (G·g·Gᵀ) ∘ (Bᵀ·d·B)]A for tiles of 2 × 2 outputs, 16 multiplications for 36.
/// </summary>
/// <remarks>
/// Lavin and Gray 2016, arXiv:1509.09308; Winograd 1980. Bᵀd = (d₀ − d₂, d₁ + d₂, d₂ − d₁, d₁ − d₃), Gg = (g₀, ((g₀ + g₂) + g₁)/2, ((g₀ + g₂) − g₁)/2, g₂),
/// Aᵀm = ((m₀ + m₁) + m₂, (m₁ − m₂) − m₃), with the roundings of this order. <see cref="WinogradReference"/> spells it out.
/// </remarks>
internal unsafe struct Winograd<T>
    where T : unmanaged
{
    /// <summary>Elements of a transformed tile: products that one correlation is made of.</summary>
    public const int Points = 16;

    public int Batch;

    /// <summary>Output channels.</summary>
    public int M;

    /// <summary>Input channels.</summary>
    public int Channels;

    /// <summary>Rows and columns of outputs.</summary>
    public int Rows, Columns;

    public int InputRows, InputColumns;

    /// <summary>Rows and columns of zeros before the input.</summary>
    public int Top, Left;

    public T* X;

    /// <summary>The transformed weights: for each point groups of rows, each stored channel by channel.</summary>
    public T* A;

    public T* Y;

    /// <summary>Null, or an addend for each output channel.</summary>
    public T* Bias;

    public bool Accumulate;

    /// <summary>An epilogue and its loop; null where there is none.</summary>
    public void* Epilogue;
    public delegate*<void*, int, int, int, int, T*, nint, void> Finish;

    public readonly int TileRows => (Rows + 1) / 2;

    public readonly int TileColumns => (Columns + 1) / 2;

    public readonly nint XChannel => (nint)InputRows * InputColumns;

    public readonly nint YChannel => (nint)Rows * Columns;
}
