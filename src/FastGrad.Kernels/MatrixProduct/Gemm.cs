using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Matrix products C = op(A)·op(B), C += op(A)·op(B), with an optional bias row; float and double, row-major.</summary>
/// <remarks>
/// <para><b>Same bits everywhere.</b> Each element is one chain: from 0 (or from the existing C), then one fused
/// multiply-add per k = 0, 1, … K − 1 in this order, then, with a bias, one addition. Instruction set, blocking and number of
/// threads change no bit.</para>
/// <para>One case, told by form and shape, differs: lines along k against few others (one row of C with B stored by columns, NT and TT; one column
/// of C with A stored by rows, NN and NT; in the form NT at most L columns, from 4·L steps on). There the chain is cut into L lanes, 16 in float and 8 in double:
/// lane l takes k = l, l + L, …; k goes to the next multiple of L with zeros in both factors; then lanes l and l + L/2 are added, l and l + L/4, down to one
/// sum, which the existing C is added to. So a single row, or sample, of more than L columns has not the bits of the same row among others.</para>
/// <para>The error of a chain is at most γ_K·Σ|a·b| with γ_K = K·u/(1 − K·u), u the unit roundoff
/// (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1).</para>
/// <para>The structure follows F. G. Van Zee and R. A. van de Geijn, "BLIS", ACM TOMS 41, 2015.</para>
/// </remarks>
public static unsafe class Gemm
{
    /// <summary>
    /// C[m,n] = op(A)·op(B), plus C itself where <paramref name="accumulate"/>, plus <paramref name="bias"/>[n] to each row where
    /// it is given.
    /// </summary>
    /// <param name="form">How A and B are stored.</param>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">Columns of op(A), rows of op(B). With k = 0 the product is zero.</param>
    /// <param name="a">[m,k], or [k,m] in the forms TN and TT.</param>
    /// <param name="lda">Elements from one stored row of A to the next, at least its width.</param>
    /// <param name="b">[k,n], or [n,k] in the forms NT and TT.</param>
    /// <param name="ldb">The same for B.</param>
    /// <param name="c">[m,n]; written, and read where accumulating. It must not overlap A, B or the bias.</param>
    /// <param name="ldc">The same for C. Elements between rows are left alone.</param>
    /// <param name="accumulate">Continue each chain from the existing C (β = 1) instead of 0. Other β do not exist.</param>
    /// <param name="bias">Empty, or n elements added to each row after its chains.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size, a leading dimension below the width, an unknown form.</exception>
    /// <exception cref="ArgumentException">A span is too short, the bias has not n elements, or C overlaps an input.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void Multiply<T>(
        MatrixForm form, int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        bool accumulate = false, ReadOnlySpan<T> bias = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmArguments.Check(form, m, n, k, a, lda, b, ldb, c, ldc, bias);
        fixed (T* pa = a, pb = b, pc = c, pBias = bias)
        {
            // One tile: what a product of a few vectors costs is the choice of its path, so it is asked for first.
            if (Isa.Has512 && form is MatrixForm.NN or MatrixForm.TN && m is 2 or 4 or 8 && n is > 0 and <= 64 && k <= 64 && KernelSet512<T>.Whole(n) is > 0 and int vectors)
                KernelSet512<T>.Run(m, vectors, k, pa, form == MatrixForm.TN ? 1 : lda, form == MatrixForm.TN ? lda : 1, pb, ldb, pc, ldc, 0, accumulate, pBias);
            else
                Run(GemmArguments.Product(form, m, n, k, pa, lda, pb, ldb, pc, ldc, accumulate, pBias), workers);
        }
    }

    /// <summary>
    /// C[m,n] = f(op(A)·op(B) (+ C) + bias) + residual, with f applied while a tile of C is in the cache: the bits of the product, then the operator,
    /// then the sum.
    /// </summary>
    /// <remarks>
    /// Everything else is as in <see cref="Multiply{T}"/>. <c>before</c> is empty, or where f's arguments go, laid out like C: what backward reads where f's
    /// derivative needs its input. <c>residual</c> is empty, or what is added to f's values, laid out like C; it may not overlap C.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A negative size, a leading dimension below the width, an unknown form.</exception>
    /// <exception cref="ArgumentException">A span is too short, or overlaps another that is written.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void MultiplyActivate<TOperator, T>(
        MatrixForm form, int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        TOperator activation, Span<T> before = default, ReadOnlySpan<T> residual = default,
        bool accumulate = false, ReadOnlySpan<T> bias = default, WorkerTeam? workers = null)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmArguments.CheckLike(m, n, before, ldc, nameof(before));
        GemmArguments.CheckLike(m, n, residual, ldc, nameof(residual));
        if (before.Overlaps(a) || before.Overlaps(b) || before.Overlaps(c) || before.Overlaps(bias) || before.Overlaps(residual))
            throw new ArgumentException("The values before the activation overlap another operand.", nameof(before));
        if (residual.Overlaps(c))
            throw new ArgumentException("The residual overlaps C; the product would write what it is yet to read.", nameof(residual));
        fixed (T* pBefore = before, pResidual = residual)
        {
            MultiplyThen(
                form, m, n, k, a, lda, b, ldb, c, ldc, new ActivationEpilogue<TOperator, T>(activation, pBefore, pResidual, ldc), accumulate, bias, workers);
        }
    }

    /// <summary>C[m,n] = epilogue(op(A)·op(B) (+ C) + bias), applied to each element while a tile of C is in the cache.</summary>
    /// <remarks>
    /// Everything else is as in <see cref="Multiply{T}"/>. The memory that the epilogue points to must stay in place meanwhile and overlap neither A, B, C nor the bias.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A negative size, a leading dimension below the width, an unknown form.</exception>
    /// <exception cref="ArgumentException">A span is too short, the bias has not n elements, or C overlaps an input.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void MultiplyThen<TEpilogue, T>(
        MatrixForm form, int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        TEpilogue epilogue, bool accumulate = false, ReadOnlySpan<T> bias = default, WorkerTeam? workers = null)
        where TEpilogue : struct, IEpilogue<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MultiplyThen(form, m, n, k, a, lda, b, ldb, c, ldc, BoundEpilogue<T>.Of(ref epilogue), accumulate, bias, workers);

    /// <summary>The same with an epilogue whose type the caller does not know; the default is none, and then it is <see cref="Multiply{T}"/>.</summary>
    /// <inheritdoc cref="MultiplyThen{TEpilogue,T}"/>
    public static void MultiplyThen<T>(
        MatrixForm form, int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        BoundEpilogue<T> epilogue, bool accumulate = false, ReadOnlySpan<T> bias = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmArguments.Check(form, m, n, k, a, lda, b, ldb, c, ldc, bias);
        fixed (T* pa = a, pb = b, pc = c, pBias = bias)
        {
            Product<T> product = GemmArguments.Product(form, m, n, k, pa, lda, pb, ldb, pc, ldc, accumulate, pBias);
            product.Epilogue = epilogue.Address;
            product.Finish = epilogue.Finish;
            Run(product, workers);
        }
    }

    private static void Run<T>(in Product<T> product, WorkerTeam? workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Isa.Has512)
            GemmJob<KernelSet512<T>, T>.Run(product, workers);
        else if (Isa.Has256)
            GemmJob<KernelSet256<T>, T>.Run(product, workers);
        else if (Isa.Has128 && AdvSimd.IsSupported)
            GemmJob<KernelSet128<T>, T>.Run(product, workers);
        else if (Isa.Has128)
            GemmJob<KernelSetEmulated<T>, T>.Run(product, workers);
        else
            GemmJob<KernelSet1<T>, T>.Run(product, workers);
    }

    /// <summary>The same product as plain loops: the definition that every other path must equal bit for bit.</summary>
    /// <inheritdoc cref="Multiply"/>
    public static void Reference<T>(
        MatrixForm form, int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        bool accumulate = false, ReadOnlySpan<T> bias = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmArguments.Check(form, m, n, k, a, lda, b, ldb, c, ldc, bias);
        bool aTransposed = form is MatrixForm.TN or MatrixForm.TT, bTransposed = form is MatrixForm.NT or MatrixForm.TT;
        bool inLanes = DotProducts<T>.Takes(form, m, n, k);
        Span<T> lanes = stackalloc T[DotProducts<T>.Lanes];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = accumulate && !inLanes ? c[i * ldc + j] : T.Zero;
                lanes.Clear();
                int steps = inLanes ? (k + lanes.Length - 1) / lanes.Length * lanes.Length : k;
                for (int l = 0; l < steps; l++)
                {
                    T x = l < k ? a[aTransposed ? l * lda + i : i * lda + l] : T.Zero, y = l < k ? b[bTransposed ? j * ldb + l : l * ldb + j] : T.Zero;
                    ref T chain = ref inLanes ? ref lanes[l % lanes.Length] : ref sum;
                    chain = T.FusedMultiplyAdd(x, y, chain);
                }
                if (inLanes)
                {
                    for (int half = lanes.Length / 2; half > 0; half /= 2)
                        for (int l = 0; l < half; l++)
                            lanes[l] += lanes[l + half];
                    sum = accumulate ? c[i * ldc + j] + lanes[0] : lanes[0];
                }
                c[i * ldc + j] = bias.IsEmpty ? sum : sum + bias[j];
            }
        }
    }
}
