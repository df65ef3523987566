using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Kernels.Attention;

/// <summary>The inputs of an attention as pinned addresses.</summary>
internal unsafe struct AttentionOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public AttentionShape Shape;
    public T Scale;
    public T* Query, Key, Value, Bias;
    public bool* Allowed;
    public HeadLayout QueryLayout, KeyLayout, ValueLayout, MaskLayout;

    /// <summary>The additive mask of one query from a key on: the mask's own memory, or a boolean one written out; null where there is none.</summary>
    public readonly T* BiasRow(int batch, int head, int query, int key, int keys, T* scratch)
    {
        nint at = MaskLayout.Start(batch, head) + (nint)query * MaskLayout.Row + key;
        if (Bias != null)
            return Bias + at;
        if (Allowed == null)
            return null;
        for (int j = 0; j < keys; j++)
            scratch[j] = Allowed[at + j] ? T.Zero : T.NegativeInfinity;
        return scratch;
    }
}

/// <summary>The small products of attention, on the tiles of <see cref="Gemm"/> where the operands lie.</summary>
internal static unsafe class Tiles<TKernels, T>
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>C[m, n] = A·B, or += that, with A[i, l] at a + i·aRow + l·aStep, rows of B and C at their strides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(int m, int n, int k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, bool accumulate) =>
        GemmLoops<TKernels, T>.Multiply(new Product<T>
        {
            M = m,
            N = n,
            K = k,
            A = a,
            ARow = aRow,
            AStep = aStep,
            B = b,
            BStep = bStep,
            BColumn = 1,
            C = c,
            CRow = cRow,
            Accumulate = accumulate,
        });

    /// <summary>The elements of a row, rounded up so that each row of a panel starts on a cache line.</summary>
    public static int Padded(int keys) => (keys + 15) & ~15;
}
