using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd.Primitives;

/// <summary>y = x·Wᵀ + b over the last axis: x […, in], W [out, in], b [out] (optional), y […, out].</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Linear<T> : Primitive<T>, IProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Linear()
    {
    }

    /// <summary>The operation; two inputs (x, W) or three (x, W, b).</summary>
    public static Linear<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = inputs[0].Shape, w = inputs[1].Shape;
        if (x.Rank < 1 || w.Rank != 2 || x[-1] != w[1])
            throw new ArgumentException($"linear of x {x} and weight {w}; expected x [..., in] and weight [out, in] with the same in.", nameof(inputs));
        if (inputs.Length > 2 && (inputs[2].Rank != 1 || inputs[2].Length != w[0]))
            throw new ArgumentException($"linear with weight {w} and bias {inputs[2].Shape}; expected a bias of shape [{w[0]}].", nameof(inputs));
        Span<int> axes = stackalloc int[Shape.MaxRank];
        x.Axes.CopyTo(axes);
        axes[x.Rank - 1] = w[0];
        return Shape.Create(axes[..x.Rank]);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Forward(inputs, output, default);

    double ICounted.Flops(Shape x, Shape w, Shape y) => 2.0 * y.Length * w[1];

    int IProduct<T>.Columns(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => output.Shape[-1];

    void IProduct<T>.Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, BoundEpilogue<T> epilogue) => Forward(inputs, output, epilogue);

    int IProduct<T>.GradientColumns(int input, in Linearization<T> at, Tensor<T> dy) => input < 2 ? at.InputShape(1)[1] : 0;

    void IProduct<T>.Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate, BoundEpilogue<T> epilogue) =>
        Backward(input, at, dy, dx, accumulate, epilogue);

    private static void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, BoundEpilogue<T> epilogue)
    {
        Tensor<T> x = inputs[0], w = inputs[1];
        int width = w.Shape[1], n = w.Shape[0];
        ReadOnlySpan<T> bias = inputs.Length > 2 ? inputs[2].Dense() : default;
        Gemm.MultiplyThen(
            MatrixForm.NT, output.Shape.Rows(), n, width, x.Dense(), Math.Max(1, width), w.Dense(), Math.Max(1, width), output.Dense(), Math.Max(1, n),
            epilogue, accumulate: false, bias, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => input switch
    {
        0 => Flat(dy).MatMul(at.Input(1)).Reshape(at.InputShape(0)),
        1 => Flat(dy).TransposeLast().MatMul(Flat(at.Input(0))),
        _ => dy.SumTo(at.InputShape(2)),
    };

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? sum = tangents[0]?.Linear(at.Input(1));
        if (tangents[1] is { } dw)
            sum = sum is null ? at.Input(0).Linear(dw) : sum + at.Input(0).Linear(dw);
        if (tangents.Length > 2 && tangents[2] is { } db)
            sum = sum is null ? db.BroadcastTo(at.OutputShape) : sum + db;
        return sum!;
    }

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    /// <remarks>dx = dy·W, dW = dyᵀ·x, db = Σ dy over the rows; further contributions to dx and dW continue their chains.</remarks>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) =>
        Backward(input, at, dy, dx, accumulate, default);

    private static void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate, BoundEpilogue<T> epilogue)
    {
        int n = at.InputShape(1)[0], width = at.InputShape(1)[1], rows = at.OutputShape.Rows();
        ReadOnlySpan<T> d = dy.Dense();
        switch (input)
        {
            case 0:
                Gemm.MultiplyThen(
                    MatrixForm.NN, rows, width, n, d, Math.Max(1, n), at.Input(1).Dense(), Math.Max(1, width), dx.Dense(), Math.Max(1, width),
                    epilogue, accumulate, default, ComputeContext.Current.Workers);
                break;
            case 1:
                Gemm.MultiplyThen(
                    MatrixForm.TN, n, width, rows, d, Math.Max(1, n), at.Input(0).Dense(), Math.Max(1, width), dx.Dense(), Math.Max(1, width),
                    epilogue, accumulate, default, ComputeContext.Current.Workers);
                break;
            default:
                Kernels.Reductions.Sum.Along(d, 1, rows, n, dx.Dense(), accumulate);
                break;
        }
    }

    private static Tensor<T> Flat(Tensor<T> x) => x.Rank == 2 ? x : x.Reshape([x.Shape.Rows(), x.Shape[-1]]);
}
