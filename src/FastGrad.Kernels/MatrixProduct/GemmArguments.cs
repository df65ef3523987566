using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Checks of <see cref="Gemm"/>'s arguments, and their translation into strides.</summary>
internal static unsafe class GemmArguments
{
    public static void Check<T>(
        MatrixForm form, int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, ReadOnlySpan<T> c, int ldc, ReadOnlySpan<T> bias)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"Products come in float and double, not {typeof(T).Name}.");
        if ((uint)form > (uint)MatrixForm.TT)
            throw new ArgumentOutOfRangeException(nameof(form), form, "The form is NN, TN, NT or TT.");
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        (int aRows, int aWidth) = form is MatrixForm.TN or MatrixForm.TT ? (k, m) : (m, k);
        (int bRows, int bWidth) = form is MatrixForm.NT or MatrixForm.TT ? (n, k) : (k, n);
        CheckMatrix(a.Length, aRows, aWidth, lda, nameof(a), nameof(lda));
        CheckMatrix(b.Length, bRows, bWidth, ldb, nameof(b), nameof(ldb));
        CheckMatrix(c.Length, m, n, ldc, nameof(c), nameof(ldc));
        if (!bias.IsEmpty && bias.Length != n)
            throw new ArgumentException($"The bias has {bias.Length} elements; C[{m},{n}] needs {n}, or none.", nameof(bias));
        if (SpanCheck.Overlap(c, a) || SpanCheck.Overlap(c, b) || SpanCheck.Overlap(c, bias))
            throw new ArgumentException("C overlaps an input; the product would read what it has written.", nameof(c));
    }

    /// <summary>An operand of an epilogue: empty, or laid out like C.</summary>
    public static void CheckLike<T>(int m, int n, ReadOnlySpan<T> like, int ldc, string name)
    {
        if (!like.IsEmpty && m > 0 && like.Length < (long)(m - 1) * ldc + n)
            throw new ArgumentException($"{name} has {like.Length} elements; like C[{m},{n}] with leading dimension {ldc} it needs {(long)(m - 1) * ldc + n}, or none.", name);
    }

    public static Product<T> Product<T>(
        MatrixForm form, int m, int n, int k, T* a, int lda, T* b, int ldb, T* c, int ldc, bool accumulate, T* bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool aTransposed = form is MatrixForm.TN or MatrixForm.TT, bTransposed = form is MatrixForm.NT or MatrixForm.TT;
        return new Product<T>
        {
            M = m,
            N = n,
            K = k,
            A = a,
            ARow = aTransposed ? 1 : lda,
            AStep = aTransposed ? lda : 1,
            B = b,
            BStep = bTransposed ? 1 : ldb,
            BColumn = bTransposed ? ldb : 1,
            C = c,
            CRow = ldc,
            Accumulate = accumulate,
            Bias = bias,
            InLanes = DotProducts<T>.Takes(form, m, n, k),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckMatrix(int length, int rows, int width, int leading, string name, string leadingName)
    {
        if (leading < width || (rows > 0 && width > 0 && length < (long)(rows - 1) * leading + width))
            Throw(length, rows, width, leading, name, leadingName);
    }

    [DoesNotReturn]
    private static void Throw(int length, int rows, int width, int leading, string name, string leadingName)
    {
        if (leading < width)
            throw new ArgumentOutOfRangeException(leadingName, leading, $"The leading dimension of {name}[{rows},{width}] is at least {width}.");
        throw new ArgumentException(
            $"{name}[{rows},{width}] with leading dimension {leading} needs {(long)(rows - 1) * leading + width} elements, but has {length}.", name);
    }
}
