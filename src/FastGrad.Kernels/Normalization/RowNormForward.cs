using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>y = ((x − μ)·r)·w + b in each row, r = 1/√(Σ(x − μ)²/n + ε): layer norm, and with μ = 0 RMS norm.</summary>
/// <remarks>A row is read from memory once; mean, deviation and result are three passes over the first cache.</remarks>
internal unsafe struct RowNormForward<TAffine, T> : IRowKernel
    where TAffine : struct, IAffine
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Weight, Bias, Y, Mean, Reciprocal;
    public int Columns;
    public T Epsilon;
    public bool Centred;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        for (int r = first; r < first + count; r++)
        {
            T mean = Centred ? RowMean(r) : T.Zero;
            Normalize(r, mean, RowReciprocal(r, mean));
        }
    }

    private readonly T RowMean(int r)
    {
        ref T x = ref X[(nint)r * Columns];
        return FlatReduction.Of(default(Sum<T>), ref x, ref x, (nuint)Columns) / T.CreateTruncating(Columns);
    }

    private readonly T RowReciprocal(int r, T mean)
    {
        ref T x = ref X[(nint)r * Columns];
        T squares = Centred
            ? FlatReduction.Of(new SquaredDeviations<T>(mean), ref x, ref x, (nuint)Columns)
            : FlatReduction.Of(default(SumOfSquares<T>), ref x, ref x, (nuint)Columns);
        return T.One / T.Sqrt(squares / T.CreateTruncating(Columns) + Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Normalize(int r, T mean, T reciprocal)
    {
        if (Mean != null)
            Mean[r] = mean;
        if (Reciprocal != null)
            Reciprocal[r] = reciprocal;
        nint at = (nint)r * Columns;
        ElementPass.Write(new Normalized(X + at, mean, reciprocal, Weight, Bias), Y + at, Columns);
    }

    /// <summary>((xᵢ − μ)·r)·wᵢ + bᵢ.</summary>
    private readonly struct Normalized(T* x, T mean, T reciprocal, T* weight, T* bias) : IElements<T>
    {
        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(nuint i)
            where V : struct, ISimdVector<V, T> =>
            TAffine.Of((V.Load(in *x, i) - V.Create(mean)) * V.Create(reciprocal), ref *weight, ref *bias, i);
    }
}
