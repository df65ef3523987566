using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd.Primitives;

/// <summary>
/// The matrix product over the last two axes: […, M, K] × [K, N], or [batch…, M, K] × [batch…, K, N]. Transposed views are read as they are.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MatMul<T> : Primitive<T>, IProduct<T>
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
    public override bool AcceptsLayout(int input, Tensor<T> tensor) =>
        tensor.Rank > 2 ? tensor.IsContiguous : MatrixLayout<T>.Accepts(tensor);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Forward(inputs, output, default);

    double ICounted.Flops(Shape a, Shape b, Shape c) => 2.0 * c.Length * a[-1];

    // A batch of products is as many calls, each of which would count its rows from 0.
    int IProduct<T>.Columns(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => inputs[1].Rank == 2 ? output.Shape[-1] : 0;

    void IProduct<T>.Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, BoundEpilogue<T> epilogue) => Forward(inputs, output, epilogue);

    int IProduct<T>.GradientColumns(int input, in Linearization<T> at, Tensor<T> dc) => at.InputShape(1).Rank == 2 ? at.InputShape(input)[-1] : 0;

    void IProduct<T>.Backward(int input, in Linearization<T> at, Tensor<T> dc, Tensor<T> d, bool accumulate, BoundEpilogue<T> epilogue) =>
        Backward(input, at, dc, d, accumulate, epilogue);

    private static void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, BoundEpilogue<T> epilogue)
    {
        if (inputs[1].Rank == 2 && inputs[0].Rank > 2)
            MultiplyRows(inputs[0], inputs[1], transposed: false, output, accumulate: false, epilogue);
        else
            MultiplyBatches(new(inputs[0]), new(inputs[1]), inputs[0].Shape[-1], output, accumulate: false, epilogue);
    }

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
    /// <remarks>dA = dC·Bᵀ and dB = Aᵀ·dC: the same kernel on matrices read as their transposes; a further contribution continues its chains.</remarks>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dc, Tensor<T> d, bool accumulate) =>
        Backward(input, at, dc, d, accumulate, default);

    private static void Backward(int input, in Linearization<T> at, Tensor<T> dc, Tensor<T> d, bool accumulate, BoundEpilogue<T> epilogue)
    {
        bool rows = at.InputShape(1).Rank == 2 && dc.Rank > 2;
        if (input == 0 && rows)
            MultiplyRows(dc, at.Input(1), transposed: true, d, accumulate, epilogue);
        else if (input == 0)
            MultiplyBatches(new(dc), new(at.Input(1), transposed: true), dc.Shape[-1], d, accumulate, epilogue);
        else if (rows)
            MultiplyColumns(at.Input(0), dc, d, accumulate, epilogue);
        else
            MultiplyBatches(new(at.Input(0), transposed: true), new(dc), dc.Shape[-2], d, accumulate, epilogue);
    }

    private static MatrixForm Form(bool leftTransposed, bool rightTransposed) => (leftTransposed, rightTransposed) switch
    {
        (false, false) => MatrixForm.NN,
        (true, false) => MatrixForm.TN,
        (false, true) => MatrixForm.NT,
        (true, true) => MatrixForm.TT,
    };

    /// <summary>C = A·B, or C += A·B, matrix by matrix.</summary>
    private static void MultiplyBatches(MatrixLayout<T> a, MatrixLayout<T> b, int k, Tensor<T> c, bool accumulate, BoundEpilogue<T> epilogue)
    {
        int m = c.Shape[-2], n = c.Shape[-1], size = m * n;
        Span<T> all = c.Dense();
        for (int i = 0; (long)i * size < all.Length; i++)
        {
            Gemm.MultiplyThen(
                Form(a.IsTransposed, b.IsTransposed), m, n, k, a.Matrix(i), a.LeadingDimension, b.Matrix(i), b.LeadingDimension,
                all.Slice(i * size, size), n, epilogue, accumulate, default, ComputeContext.Current.Workers);
        }
    }

    /// <summary>C = A·B with the batches of a contiguous A as further rows of one product.</summary>
    private static void MultiplyRows(Tensor<T> a, Tensor<T> b, bool transposed, Tensor<T> c, bool accumulate, BoundEpilogue<T> epilogue)
    {
        MatrixLayout<T> right = new(b, transposed);
        int k = a.Shape[-1], n = c.Shape[-1];
        Gemm.MultiplyThen(
            Form(false, right.IsTransposed), n == 0 ? 0 : c.Length / n, n, k, a.Dense(), Math.Max(1, k), right.Matrix(0), right.LeadingDimension,
            c.Dense(), Math.Max(1, n), epilogue, accumulate, default, ComputeContext.Current.Workers);
    }

    /// <summary>C = Aᵀ·B, the rows of all batches of contiguous A and B in one chain.</summary>
    private static void MultiplyColumns(Tensor<T> a, Tensor<T> b, Tensor<T> c, bool accumulate, BoundEpilogue<T> epilogue)
    {
        int m = a.Shape[-1], n = b.Shape[-1];
        Gemm.MultiplyThen(
            MatrixForm.TN, m, n, m == 0 ? 0 : a.Length / m, a.Dense(), Math.Max(1, m), b.Dense(), Math.Max(1, n),
            c.Dense(), Math.Max(1, n), epilogue, accumulate, default, ComputeContext.Current.Workers);
    }

    private static Tensor<T> Flat(Tensor<T> x) => x.Rank == 2 ? x : x.Reshape([x.Shape.Rows(), x.Shape[-1]]);
}
