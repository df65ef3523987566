namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The ways to a product. All but one have the same bits.</summary>
internal enum GemmPath
{
    /// <summary>One row or column of C by dot products, see <see cref="DotProducts{T}"/>: the one path with bits of its own.</summary>
    Dots,

    /// <summary>One row of C: multiples of the rows of B, see <see cref="RowCombination{T}"/>.</summary>
    RowsOfB,

    /// <summary>One column of C: multiples of the columns of A, which is stored by columns.</summary>
    RowsOfA,

    /// <summary>Tiles over Cᵀ = Bᵀ·Aᵀ, with small copies.</summary>
    Transposed,

    /// <summary>Tiles over the matrices where they lie.</summary>
    Direct,

    /// <summary>Tiles over packed copies, block by block.</summary>
    Packed,
}
