using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>dx = r·(g − Σg/n − x̂·Σ(g·x̂)/n) in each row, with g = dy·w and x̂ = (x − μ)·r; without Σg/n where nothing was subtracted.</summary>
/// <remarks>Both sums come from one pass over the row, the result from a second, which finds it in the first cache.</remarks>
internal unsafe struct RowNormBackward<TAffine, TStore, T> : IRowKernel
    where TAffine : struct, IAffine
    where TStore : struct, IStore
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Weight, Mean, Reciprocal, Dy, Dx;
    public int Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        nuint columns = (nuint)Columns;
        T n = T.CreateTruncating(Columns);
        // A row's sums before the previous row's result, which then does not wait for their last steps.
        Twin<T> next = TwinSum.Of<Terms, T>(RowTerms(first), columns);
        for (int row = first; row < first + count; row++)
        {
            Twin<T> sums = next;
            if (row + 1 < first + count)
                next = TwinSum.Of<Terms, T>(RowTerms(row + 1), columns);
            T r = Reciprocal[row], shift = Mean == null ? T.Zero : sums.First / n, slope = r * r * (sums.Second / n);
            Apply(RowTerms(row), shift, slope, r, ref Dx[(nint)row * Columns], columns);
        }
    }

    private readonly Terms RowTerms(int row) =>
        new(ref X[(nint)row * Columns], ref Dy[(nint)row * Columns], ref *Weight, Mean == null ? T.Zero : Mean[row]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Apply(in Terms terms, T shift, T slope, T reciprocal, ref T dx, nuint columns)
    {
        var loop = new Loop(terms, shift, slope, reciprocal, ref dx);
        Ladder.Descend<Loop, T>(ref loop, columns);
    }

    /// <summary>g and g·(x − μ).</summary>
    private readonly ref struct Terms(ref T x, ref T dy, ref T weight, T mean) : ITwinTerms<T>
    {
        private readonly ref T _x = ref x;
        private readonly ref T _dy = ref dy;
        private readonly ref T _weight = ref weight;
        private readonly T _mean = mean;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Twin<V> At<V>(nuint row, nuint offset, nuint column)
            where V : struct, ISimdVector<V, T>
        {
            V g = TAffine.Of(V.Load(in _dy, offset), ref _weight, ref _weight, offset);
            return new(g, g * Deviation<V>(offset));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Gradient<V>(nuint i)
            where V : struct, ISimdVector<V, T> => TAffine.Of(V.Load(in _dy, i), ref _weight, ref _weight, i);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Deviation<V>(nuint i)
            where V : struct, ISimdVector<V, T> => V.Load(in _x, i) - V.Create(_mean);
    }

    private readonly ref struct Loop(in Terms terms, T shift, T slope, T reciprocal, ref T dx) : ILoop<T>
    {
        private readonly Terms _terms = terms;
        private readonly ref T _dx = ref dx;
        private readonly T _shift = shift;
        private readonly T _slope = slope;
        private readonly T _reciprocal = reciprocal;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            Terms terms = _terms;
            ref T dx = ref _dx;
            V shift = V.Create(_shift), slope = V.Create(_slope), reciprocal = V.Create(_reciprocal);
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
                TStore.Put(reciprocal * (terms.Gradient<V>(i) - shift - terms.Deviation<V>(i) * slope), ref dx, i);
            return i;
        }
    }
}
