using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>A row times a matrix stored by rows: y += x₀·B₀ + x₁·B₁ + …, eight rows of B at a time.</summary>
/// <remarks>
/// Such a product does one multiply-add an element of B, so reading B decides: whole rows in order, as the prefetcher likes them, with
/// y in L1. Strips of tiles would visit every page of B once a strip.
/// </remarks>
internal unsafe struct RowCombination<T> : ILoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _rows;
    private nint _xStep, _row;
    private T* _x, _b, _y;

    /// <summary>C of one row, with B stored by rows.</summary>
    public static void OfB(in Product<T> p) => new RowCombination<T> { _x = p.A, _xStep = p.AStep, _b = p.B, _row = p.BStep, _y = p.C }.Run(p.K, p.N, p.Accumulate);

    /// <summary>C of one column whose elements lie side by side, with A stored by columns.</summary>
    public static void OfA(in Product<T> p) => new RowCombination<T> { _x = p.B, _xStep = p.BStep, _b = p.A, _row = p.AStep, _y = p.C }.Run(p.K, p.M, p.Accumulate);

    private void Run(int k, int n, bool accumulate)
    {
        if (!accumulate)
            new Span<T>(_y, n).Clear();
        for (int i = 0; i < k; i += _rows)
        {
            _rows = k - i >= 8 ? 8 : k - i >= 4 ? 4 : 1;
            Ladder.Descend<RowCombination<T>, T>(ref this, (nuint)n);
            _x += _rows * _xStep;
            _b += _rows * _row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
    {
        nuint count = (nuint)V.Count;
        T* x = _x, b = _b, y = _y;
        V x0 = V.Create(x[0]);
        if (_rows == 1)
        {
            for (; i + count <= length; i += count)
                V.Store(V.FusedMultiplyAdd(x0, V.Load(in *b, i), V.Load(in *y, i)), ref *y, i);
            return i;
        }
        T* b1 = b + _row, b2 = b1 + _row, b3 = b2 + _row;
        V x1 = V.Create(x[_xStep]), x2 = V.Create(x[2 * _xStep]), x3 = V.Create(x[3 * _xStep]);
        if (_rows == 4)
        {
            for (; i + count <= length; i += count)
            {
                V c = V.FusedMultiplyAdd(x0, V.Load(in *b, i), V.Load(in *y, i));
                c = V.FusedMultiplyAdd(x1, V.Load(in *b1, i), c);
                c = V.FusedMultiplyAdd(x2, V.Load(in *b2, i), c);
                V.Store(V.FusedMultiplyAdd(x3, V.Load(in *b3, i), c), ref *y, i);
            }
            return i;
        }
        T* b4 = b3 + _row, b5 = b4 + _row, b6 = b5 + _row, b7 = b6 + _row;
        V x4 = V.Create(x[4 * _xStep]), x5 = V.Create(x[5 * _xStep]), x6 = V.Create(x[6 * _xStep]), x7 = V.Create(x[7 * _xStep]);
        for (; i + count <= length; i += count)
        {
            V c = V.FusedMultiplyAdd(x0, V.Load(in *b, i), V.Load(in *y, i));
            c = V.FusedMultiplyAdd(x1, V.Load(in *b1, i), c);
            c = V.FusedMultiplyAdd(x2, V.Load(in *b2, i), c);
            c = V.FusedMultiplyAdd(x3, V.Load(in *b3, i), c);
            c = V.FusedMultiplyAdd(x4, V.Load(in *b4, i), c);
            c = V.FusedMultiplyAdd(x5, V.Load(in *b5, i), c);
            c = V.FusedMultiplyAdd(x6, V.Load(in *b6, i), c);
            V.Store(V.FusedMultiplyAdd(x7, V.Load(in *b7, i), c), ref *y, i);
        }
        return i;
    }
}
