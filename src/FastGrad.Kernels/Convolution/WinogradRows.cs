using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Convolution;

/// <summary>What <see cref="WinogradRows{T}"/> needs to know of sizes.</summary>
internal static class WinogradRows
{
    /// <summary>Lanes of the widest vector in float, of which every other vector's are a divisor.</summary>
    public const int Lanes = 16;

    public static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>Elements of the buffers.</summary>
    public static nint BufferSize(int rows, int tiles) => (nint)(2 * rows + 2) * (4 * Padded(tiles) + 4 * (Padded(tiles) + Lanes));
}

/// <summary>The transforms of one channel, in vectors along a row of tiles.</summary>
/// <remarks>A tile's columns are every second one of the image: rows are parted into even and odd columns, and joined again.</remarks>
internal readonly unsafe struct WinogradRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _columns, _lines, _even, _odd; // [row][4][wide]; padded rows; their columns by parity
    private readonly int _rows, _tiles, _wide;

    public WinogradRows(T* buffer, int rows, int tiles)
    {
        (_rows, _tiles, _wide) = (rows, tiles, WinogradRows.Padded(tiles));
        _columns = buffer;
        int lines = 2 * rows + 2;
        _lines = buffer + 4 * (nint)lines * _wide;
        _even = _lines + 2 * (nint)lines * Half;
        _odd = _even + (nint)lines * Half;
    }

    /// <summary>Even or odd columns of a padded row.</summary>
    private int Half => _wide + WinogradRows.Lanes;

    /// <summary>Zeros around the rows that <see cref="Inputs"/> puts into the lines.</summary>
    public void Begin() => new Span<T>(_lines, 2 * (2 * _rows + 2) * Half).Clear();

    /// <summary>Bᵀ·d·B of all tiles of a channel: to[point·toPoint + tile].</summary>
    /// <param name="x">The channel.</param>
    /// <param name="top">The input row of the first tile's first row; may be negative.</param>
    /// <param name="inputRows">The channel's rows.</param>
    /// <param name="inputColumns">The channel's columns.</param>
    /// <param name="left">Zeros before them.</param>
    /// <param name="to">Up to 15 elements beyond the last tile are written too.</param>
    /// <param name="toPoint">From one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inputs<V>(T* x, int top, int inputRows, int inputColumns, int left, T* to, nint toPoint)
        where V : struct, ISimdVector<V, T>
    {
        int wide = _wide, half = Half;
        // Row by row each step would wait until what the step before has stored has left the store buffer: what is loaded spans several stores.
        int first = Math.Clamp(-top, 0, 2 * _rows + 2), end = Math.Clamp(inputRows - top, first, 2 * _rows + 2);
        for (int r = first; r < end; r++)
            Plane.Move(x + (nint)(top + r) * inputColumns, _lines + 2 * (nint)r * half + left, inputColumns);
        Pairs.Part(_lines + 2 * (nint)first * half, _even + (nint)first * half, _odd + (nint)first * half, (end - first) * half);
        new Span<T>(_columns, 4 * first * wide).Clear(); // what sums and differences of zeros are
        new Span<T>(_columns + 4 * (nint)end * wide, 4 * (2 * _rows + 2 - end) * wide).Clear();
        for (int r = first; r < end; r++)
        {
            T* target = _columns + 4 * (nint)r * wide, even = _even + (nint)r * half, odd = _odd + (nint)r * half;
            for (int t = 0; t < wide; t += V.Count)
            {
                V d0 = V.Load(in even[t], 0), d1 = V.Load(in odd[t], 0), d2 = V.Load(in even[t], 1), d3 = V.Load(in odd[t], 1);
                V.Store(d0 - d2, ref target[t], 0);
                V.Store(d1 + d2, ref target[wide + t], 0);
                V.Store(d2 - d1, ref target[2 * wide + t], 0);
                V.Store(d1 - d3, ref target[3 * wide + t], 0);
            }
        }
        for (int row = 0; row < _rows; row++, to += _tiles)
        {
            T* from = _columns + 8 * (nint)row * wide;
            for (int t = 0; t < wide; t += V.Count)
            {
                for (int j = 0; j < 4; j++)
                {
                    T* column = from + j * (nint)wide + t, target = to + j * toPoint + t;
                    V d0 = V.Load(in *column, 0), d1 = V.Load(in column[4 * (nint)wide], 0), d2 = V.Load(in column[8 * (nint)wide], 0), d3 = V.Load(in column[12 * (nint)wide], 0);
                    V.Store(d0 - d2, ref *target, 0);
                    V.Store(d1 + d2, ref target[4 * toPoint], 0);
                    V.Store(d2 - d1, ref target[8 * toPoint], 0);
                    V.Store(d1 - d3, ref target[12 * toPoint], 0);
                }
            }
        }
    }

    /// <summary>Aᵀ·m·A of all tiles of an output channel, with its bias, into y or added to it.</summary>
    /// <param name="m">m[point·mPoint + tile]; up to 15 elements beyond the last tile are read.</param>
    /// <param name="mPoint">From one point to the next.</param>
    /// <param name="bias">Null, or the addend.</param>
    /// <param name="accumulate">Whether to add to y.</param>
    /// <param name="y">The first of the rows.</param>
    /// <param name="outputRows">Rows of y, of which the last tiles' second may be missing.</param>
    /// <param name="outputColumns">Columns of y, of which the last tiles' second may be missing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Outputs<V>(T* m, nint mPoint, T* bias, bool accumulate, T* y, int outputRows, int outputColumns)
        where V : struct, ISimdVector<V, T>
    {
        int wide = _wide;
        T* upper = _columns, lower = _columns + 2 * (nint)wide;
        for (int row = 0; row < _rows; row++, m += _tiles)
        {
            for (int t = 0; t < wide; t += V.Count)
            {
                T* from = m + t;
                Column<V>(from, mPoint, out V a0, out V b0);
                Column<V>(from + mPoint, mPoint, out V a1, out V b1);
                Column<V>(from + 2 * mPoint, mPoint, out V a2, out V b2);
                Column<V>(from + 3 * mPoint, mPoint, out V a3, out V b3);
                V y00 = a0 + a1 + a2, y01 = a1 - a2 - a3, y10 = b0 + b1 + b2, y11 = b1 - b2 - b3;
                if (bias != null)
                {
                    V b = V.Create(*bias);
                    (y00, y01, y10, y11) = (y00 + b, y01 + b, y10 + b, y11 + b);
                }
                V.Store(y00, ref upper[t], 0);
                V.Store(y01, ref upper[wide + t], 0);
                V.Store(y10, ref lower[t], 0);
                V.Store(y11, ref lower[wide + t], 0);
            }
            Put(upper, accumulate, y + (nint)2 * row * outputColumns, outputColumns);
            if (2 * row + 1 < outputRows)
                Put(lower, accumulate, y + (nint)(2 * row + 1) * outputColumns, outputColumns);
        }
    }

    /// <summary>Aᵀ of one column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<V>(T* m, nint point, out V first, out V second)
        where V : struct, ISimdVector<V, T>
    {
        V m0 = V.Load(in *m, 0), m1 = V.Load(in m[4 * point], 0), m2 = V.Load(in m[8 * point], 0), m3 = V.Load(in m[12 * point], 0);
        first = m0 + m1 + m2;
        second = m1 - m2 - m3;
    }

    private void Put(T* parts, bool accumulate, T* y, int columns)
    {
        // The even columns serve inputs no more in this block.
        Pairs.Join(parts, parts + _wide, _even, _wide);
        if (!accumulate)
        {
            Plane.Move(_even, y, columns);
            return;
        }
        for (int i = 0; i < columns; i++)
            y[i] += _even[i];
    }
}
