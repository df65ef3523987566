namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The table of paths: the first row whose condition holds.</summary>
/// <remarks>
/// The figures are GFLOP/s on one Zen 4 core (peak 115), float, 512 bits unless said. No row but the first changes a bit, so the bounds may follow
/// any machine; on one with a faster multiply-add (Zen 5) packing pays somewhat earlier, so they stay on the low side of the crossings here.
/// </remarks>
internal static unsafe class GemmPaths
{
    public static GemmPath Choose<T>(in Product<T> p, int lanes)
        where T : unmanaged
    {
        bool rowsOfB = p.BColumn == 1 || p.N == 1, columnsOfA = p.ARow == 1 || p.M == 1;

        // Decided with the bits, by form and shape: 1x784x512 nt 44, with a transposition 12; 64x256x10 nt 106, with A transposed 69.
        if (p.InLanes)
            return GemmPath.Dots;

        // 1x784x512 nn 45, by tiles 38; at 256 bits 1x64x64 60, by tiles 32. Up to a tile's width the sums fit the registers: 1x300x48 nn 56, by rows 31.
        if (p.M == 1 && rowsOfB)
            return p.N < 4 * lanes ? GemmPath.Direct : GemmPath.RowsOfB;
        if (p.N == 1 && columnsOfA && p.CRow == 1)
            return GemmPath.RowsOfA;

        // Fewer columns of C than 64 bytes hold: 64x256x10 tn 107, 32x128x10 nn 78; directly 61. Few rows do not fill the lanes either: 8x64x8 36, directly 46.
        if (p.N <= 64 / sizeof(T) && p.M > 2 * p.N && p.K >= (columnsOfA ? 4 : 32))
            return GemmPath.Transposed;
        // Two to four vectors of which the last is short: 64x64x30 tn 103, directly 85.
        if (columnsOfA && p.N < 4 * lanes && p.N % lanes != 0 && p.M >= 2 * p.N)
            return GemmPath.Transposed;

        // Few steps leave nothing to spread a copy over: 512x64x64 nn 115, packed 98. Few rows: 64x784x512 112, packed 105. Small: 128³ 115, packed 108.
        if (rowsOfB && (p.K <= 64 || p.M <= 96 || (long)p.M * p.N * p.K <= 128 * 128 * 128))
            return GemmPath.Direct;

        // B by columns, and small: one transposition of A costs less than two packings. 64³ nt 99, packed 92; 32³ 91, packed 89 (256 bits: 84, 74).
        if (!rowsOfB && p.M >= lanes && p.M <= 64 && p.N <= 64 && p.K <= 64)
            return GemmPath.Transposed;

        // 1024³ 103, 256x784x512 nt 106.
        return GemmPath.Packed;
    }
}
