using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>dwⱼ = Σᵣ dyᵣⱼ·x̂ᵣⱼ and dbⱼ = Σᵣ dyᵣⱼ in one pass: each column a chain over blocks of 32 rows, then a tree.</summary>
internal unsafe struct RowNormParameters<T> : IRowKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Mean, Reciprocal, Dy, DWeight, DBias;
    public int Rows, Columns;
    public bool Accumulate;

    /// <summary>The number of strips: what a "row" is to this kernel.</summary>
    public readonly int Strips => (Columns + Reduce.RowLength - 1) / Reduce.RowLength;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        Unsafe.SkipInit(out Row<T> weights);
        Unsafe.SkipInit(out Row<T> biases);
        var terms = new Terms(X, Dy, Mean, Reciprocal);
        for (int strip = first; strip < first + count; strip++)
        {
            int start = strip * Reduce.RowLength, columns = Math.Min(Reduce.RowLength, Columns - start);
            TwinSum.Columns<Terms, T>(terms, (nuint)Columns, (nuint)start, (nuint)Rows, (nuint)columns, ref weights.First, ref biases.First);
            if (DWeight != null)
                Reduce.Put(ref weights.First, ref DWeight[start], columns, Accumulate);
            if (DBias != null)
                Reduce.Put(ref biases.First, ref DBias[start], columns, Accumulate);
        }
    }

    private readonly struct Terms(T* x, T* dy, T* mean, T* reciprocal) : ITwinTerms<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Twin<V> At<V>(nuint row, nuint offset, nuint column)
            where V : struct, ISimdVector<V, T>
        {
            V d = V.Load(in *dy, offset), deviation = V.Load(in *x, offset);
            if (mean != null)
                deviation -= V.Create(mean[row]);
            return new(d * (deviation * V.Create(reciprocal[row])), d);
        }
    }
}
