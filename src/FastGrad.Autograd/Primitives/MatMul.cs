using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd.Primitives;

/// <summary>
/// The matrix product over the last two axes: […, M, K] × [K, N], or [batch…, M, K] × [batch…, K, N]. Transposed views are read as they are.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MatMul<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private MatMul()
    {
    }

    /// <summary>The operation.</summary>
    public static MatMul<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "matmul";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape a = inputs[0].Shape, b = inputs[1].Shape;
        bool fits = a.Rank >= 2 && b.Rank >= 2 && a[-1] == b[-2]
            && (b.Rank == 2 || (a.Rank == b.Rank && a.Axes[..^2].SequenceEqual(b.Axes[..^2])));
        if (!fits)
            throw new ArgumentException($"The matrix product of {a} and {b} does not exist; expected [..., M, K] and [K, N], or equal batch axes before both.", nameof(inputs));
        return Shape.Create([.. a.Axes[..^1], b[-1]]);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) =>
        Multiply(inputs[0], inputs[1], output, accumulate: false);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dc) => input == 0
        ? dc.MatMul(at.Input(1).TransposeLast())
        : at.InputShape(1).Rank == 2
            ? Flat(at.Input(0)).TransposeLast().MatMul(Flat(dc))
            : at.Input(0).TransposeLast().MatMul(dc);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? left = tangents[0]?.MatMul(at.Input(1));
        Tensor<T>? right = tangents[1] is { } db ? at.Input(0).MatMul(db) : null;
        return left is null ? right! : right is null ? left : left + right;
    }

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    /// <remarks>dA = dC·Bᵀ and dB = Aᵀ·dC: the same kernel on transposed views; a further contribution continues its chains.</remarks>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dc, Tensor<T> d, bool accumulate)
    {
        if (input == 0)
            Multiply(dc, at.Input(1).TransposeLast(), d, accumulate);
        else if (at.InputShape(1).Rank == 2)
            Multiply(Flat(at.Input(0).Contiguous()).TransposeLast(), Flat(dc), d, accumulate);
        else
            Multiply(at.Input(0).TransposeLast(), dc, d, accumulate);
    }

    /// <summary>C = A·B, or C += A·B, for a contiguous C.</summary>
    internal static void Multiply(Tensor<T> a, Tensor<T> b, Tensor<T> c, bool accumulate)
    {
        int m = c.Shape[-2], n = c.Shape[-1], k = a.Shape[-1];
        if (b.Rank == 2 && a.Rank > 2)
        {
            // One product: the batch axes are further rows.
            a = Flat(a.Contiguous());
            m = a.Shape[0];
        }
        int batch = m * n == 0 ? 0 : c.Length / (m * n);
        MatrixLayout<T> left = new(a), right = new(b);
        Span<T> all = c.Dense();
        for (int i = 0; i < batch; i++)
        {
            Gemm.Multiply(
                (left.IsTransposed, right.IsTransposed) switch
                {
                    (false, false) => MatrixForm.NN,
                    (true, false) => MatrixForm.TN,
                    (false, true) => MatrixForm.NT,
                    (true, true) => MatrixForm.TT,
                },
                m,
                n,
                k,
                left.Matrix(i),
                left.LeadingDimension,
                right.Matrix(i),
                right.LeadingDimension,
                all.Slice(i * m * n, m * n),
                n,
                accumulate,
                default,
                ComputeContext.Current.Workers);
        }
    }

    private static Tensor<T> Flat(Tensor<T> x) => x.Rank == 2 ? x : x.Reshape([x.Length / Math.Max(1, x.Shape[-1]), x.Shape[-1]]);
}
