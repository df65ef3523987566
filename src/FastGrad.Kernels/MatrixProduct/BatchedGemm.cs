using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Many products of one shape: C[i] = op(A[i])·op(B[i]) for i = 0 … batch − 1.</summary>
/// <remarks>Each product has the bits of <see cref="Gemm.Multiply"/>.</remarks>
public static unsafe class BatchedGemm
{
    /// <summary>Does <paramref name="batch"/> products whose matrices lie at equal distances.</summary>
    /// <param name="form">How A and B are stored.</param>
    /// <param name="batch">The number of products.</param>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">Columns of op(A), rows of op(B).</param>
    /// <param name="a">The matrices A.</param>
    /// <param name="lda">Elements from one stored row of A to the next.</param>
    /// <param name="strideA">Elements from one A to the next; 0 uses one A for all.</param>
    /// <param name="b">The matrices B.</param>
    /// <param name="ldb">The same for B.</param>
    /// <param name="strideB">The same for B.</param>
    /// <param name="c">The matrices C. They overlap neither each other nor A nor B.</param>
    /// <param name="ldc">The same for C.</param>
    /// <param name="strideC">Elements from one C to the next, at least the size of one.</param>
    /// <param name="accumulate">Continue each chain from the existing C.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size or stride, a leading dimension below the width, an unknown form.</exception>
    /// <exception cref="ArgumentException">A span is too short, or C overlaps itself or an input.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void Multiply<T>(
        MatrixForm form, int batch, int m, int n, int k, ReadOnlySpan<T> a, int lda, int strideA, ReadOnlySpan<T> b, int ldb, int strideB,
        Span<T> c, int ldc, int strideC, bool accumulate = false, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(strideA);
        ArgumentOutOfRangeException.ThrowIfNegative(strideB);
        ArgumentOutOfRangeException.ThrowIfNegative(strideC);
        if (batch == 0)
            return;
        if (m > 0 && n > 0 && batch > 1 && strideC < (long)(m - 1) * ldc + n)
            throw new ArgumentException($"C[{m},{n}] with leading dimension {ldc} overlaps the next at stride {strideC}.", nameof(strideC));
        GemmArguments.Check(
            form, m, n, k, Last(a, batch, strideA, nameof(a)), lda, Last(b, batch, strideB, nameof(b)), ldb, Last<T>(c, batch, strideC, nameof(c)), ldc, default);
        if (c.Overlaps(a) || c.Overlaps(b))
            throw new ArgumentException("C overlaps an input; the product would read what it has written.", nameof(c));
        fixed (T* pa = a, pb = b, pc = c)
        {
            Product<T> first = GemmArguments.Product(form, m, n, k, pa, lda, pb, ldb, pc, ldc, accumulate, null);
            if (Isa.Has512)
                BatchJob<KernelSet512<T>, T>.Run(batch, first, strideA, strideB, strideC, workers);
            else if (Isa.Has256)
                BatchJob<KernelSet256<T>, T>.Run(batch, first, strideA, strideB, strideC, workers);
            else if (Isa.Has128 && AdvSimd.IsSupported)
                BatchJob<KernelSet128<T>, T>.Run(batch, first, strideA, strideB, strideC, workers);
            else if (Isa.Has128)
                BatchJob<KernelSetEmulated<T>, T>.Run(batch, first, strideA, strideB, strideC, workers);
            else
                BatchJob<KernelSet1<T>, T>.Run(batch, first, strideA, strideB, strideC, workers);
        }
    }

    /// <summary>The last matrix of a batch: when it fits, all do.</summary>
    private static ReadOnlySpan<T> Last<T>(ReadOnlySpan<T> matrices, int batch, int stride, string name)
    {
        long start = (long)(batch - 1) * stride;
        if (start > matrices.Length)
            throw new ArgumentException($"{batch} matrices at stride {stride} do not fit into {matrices.Length} elements.", name);
        return matrices[(int)start..];
    }
}
