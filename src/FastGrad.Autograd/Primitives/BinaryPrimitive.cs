using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Autograd.Primitives;

/// <summary>z = f(x, y), element by element with broadcasting, for any binary operator.</summary>
/// <param name="op">The operator f.</param>
/// <typeparam name="TOperator">The operator's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BinaryPrimitive<TOperator, T>(TOperator op) : ElementwisePrimitive<T>
    where TOperator : struct, IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The operator with its default attributes.</summary>
    public static BinaryPrimitive<TOperator, T> Instance { get; } = new(default);

    /// <summary>The primitive of an operator: for one without attributes, always the same object.</summary>
    public static BinaryPrimitive<TOperator, T> For(TOperator op) =>
        // A struct without fields has size 1; so has one with a single byte or bool, which is the default where that is 0.
        Unsafe.SizeOf<TOperator>() == 1 && Unsafe.As<TOperator, byte>(ref op) == 0 ? Instance : new(op);

    /// <inheritdoc/>
    public override string Name { get; } = OperatorName.Of(typeof(TOperator));

    /// <inheritdoc/>
    public override Residual Residual => TOperator.Residual;

    /// <inheritdoc/>
    public override bool IsDifferentiable => op is not INonDifferentiable;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Shape.Broadcast(inputs[0].Shape, inputs[1].Shape);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ReadOnlySpan<T> x = inputs[0].Dense(), y = inputs[1].Dense();
        Span<T> z = output.Dense();
        if (IsSingleRun(x.Length, y.Length, z.Length))
        {
            Binary.Apply(op, x, y, z, workers: ComputeContext.WorkersFor(z.Length));
            return;
        }
        BroadcastPlan plan = new(output.Shape, inputs[0].Shape, inputs[1].Shape);
        for (int run = 0; run < plan.Runs; run++)
            Binary.Apply(op, x.Slice(plan.Start(0, run), plan.Extent(0)), y.Slice(plan.Start(1, run), plan.Extent(1)), z.Slice(run * plan.RunLength, plan.RunLength));
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dz) =>
        Partial(input, at, dz).BroadcastTo(at.OutputShape).SumTo(at.InputShape(input)); // a constant partial is a scalar until here

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? left = tangents[0] is { } dx ? Partial(0, at, dx) : null;
        Tensor<T>? right = tangents[1] is { } dy ? Partial(1, at, dy) : null;
        Tensor<T> tangent = left is null ? right! : right is null ? left : left + right;
        return tangent.BroadcastTo(at.OutputShape);
    }

    /// <inheritdoc/>
    /// <remarks>An operand that was stretched gets a sum, which the functional form writes as one.</remarks>
    public override bool FusesBackward(int input, in Linearization<T> at) => at.InputShape(input) == at.OutputShape;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dz, Tensor<T> dx, bool accumulate)
    {
        Shape xs = at.InputShape(0), ys = at.InputShape(1);
        ReadOnlySpan<T> x = Keeps(0) ? at.Input(0).Dense() : default;
        ReadOnlySpan<T> y = Keeps(1) ? at.Input(1).Dense() : default;
        ReadOnlySpan<T> z = (Residual & Residual.Output) != 0 ? at.Output.Dense() : default;
        ReadOnlySpan<T> d = dz.Dense();
        Span<T> result = dx.Dense();
        if (IsSingleRun(xs.Length, ys.Length, d.Length))
        {
            Run(input, x, y, z, d, result, accumulate, ComputeContext.WorkersFor(result.Length));
            return;
        }
        BroadcastPlan plan = new(at.OutputShape, xs, ys);
        for (int run = 0; run < plan.Runs; run++)
        {
            Range range = new(run * plan.RunLength, (run + 1) * plan.RunLength);
            Run(
                input,
                x.IsEmpty ? x : x.Slice(plan.Start(0, run), plan.Extent(0)),
                y.IsEmpty ? y : y.Slice(plan.Start(1, run), plan.Extent(1)),
                z.IsEmpty ? z : z[range],
                d[range],
                result[range],
                accumulate);
        }
    }

    internal override void Forward(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> w) => Binary.Apply(op, x, y, w);

    internal override void Backward(int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> w, ReadOnlySpan<T> dw, Span<T> d, bool accumulate) =>
        Run(input, x, y, w, dw, d, accumulate);

    internal override void Backward(in ElementGradient<T> at) => Run(
        at.Input, at.X is null ? default : at.X.Dense(), at.Y is null ? default : at.Y.Dense(), at.Z is null ? default : at.Z.Dense(), at.Dz.Dense(), at.D.Dense(), at.Accumulate);

    internal override bool Computes(Primitive<T> other) =>
        other is BinaryPrimitive<TOperator, T> same && EqualityComparer<TOperator>.Default.Equals(same.Operator, op);

    private TOperator Operator => op;

    private static bool IsSingleRun(int x, int y, int z) => (x == z || x == 1) && (y == z || y == 1);

    private void Run(int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, ReadOnlySpan<T> dz, Span<T> dx, bool accumulate, WorkerTeam? workers = null)
    {
        if (input == 0)
            Binary.BackwardLeft(op, x, y, z, dz, dx, accumulate, workers);
        else
            Binary.BackwardRight(op, x, y, z, dz, dx, accumulate, workers);
    }

    // The operator's own partial derivative, recorded: primitives all the way, so it can be differentiated again.
    private Tensor<T> Partial(int input, in Linearization<T> at, Tensor<T> d)
    {
        Recorded<T> x = Keeps(0) ? new(at.Input(0)) : default;
        Recorded<T> y = Keeps(1) ? new(at.Input(1)) : default;
        Recorded<T> z = (Residual & Residual.Output) != 0 ? new(at.Output) : default;
        return (input == 0 ? op.Left(x, y, z, new Recorded<T>(d)) : op.Right(x, y, z, new Recorded<T>(d))).Tensor;
    }
}
