using System.Buffers;
using System.Numerics;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Autograd.Primitives;

/// <summary>P·A = L·U of one matrix of several.</summary>
internal readonly ref struct Factors<T>(int index, ReadOnlySpan<T> lowerUpper, ReadOnlySpan<int> pivots)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Which matrix.</summary>
    public int Index { get; } = index;

    /// <summary>L and U in one square.</summary>
    public ReadOnlySpan<T> LowerUpper { get; } = lowerUpper;

    /// <summary>The exchanges of rows.</summary>
    public ReadOnlySpan<int> Pivots { get; } = pivots;
}

/// <summary>Factors one matrix after another, in borrowed memory: <c>foreach</c> over it allocates nothing.</summary>
internal ref struct FactorSequence<T>(Tensor<T> a, string operation, bool mustBeRegular)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _n = a.Shape[-1], _count = Matrices.Count(a.Shape);
    private readonly T[] _lu = ArrayPool<T>.Shared.Rent(a.Shape[-1] * a.Shape[-1]);
    private readonly int[] _pivots = ArrayPool<int>.Shared.Rent(a.Shape[-1]);
    private int _index = -1;

    public readonly Factors<T> Current => new(_index, _lu.AsSpan(0, _n * _n), _pivots.AsSpan(0, _n));

    public readonly FactorSequence<T> GetEnumerator() => this;

    public bool MoveNext()
    {
        if (++_index >= _count)
            return false;
        Span<T> lu = _lu.AsSpan(0, _n * _n);
        a.Dense().Slice(_index * lu.Length, lu.Length).CopyTo(lu);
        int column = LuDecomposition.Factor(_n, lu, _pivots.AsSpan(0, _n));
        if (mustBeRegular && column >= 0)
            throw new ArgumentException($"'{operation}': matrix {_index} of shape {a.Shape} is singular: column {column} depends on those before it; expected an invertible matrix.", "x");
        return true;
    }

    public readonly void Dispose()
    {
        ArrayPool<T>.Shared.Return(_lu);
        ArrayPool<int>.Shared.Return(_pivots);
    }
}
